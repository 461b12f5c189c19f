-- what a quarterly review should look at: where the score may have been made to look better than the customers are
with

checks as (

    select gaming_check, subject_kind, subject, observed, expected, rows_behind, is_flagged, sentence
    from {{ ref('int_actions__override_checks') }}
    union all
    select gaming_check, subject_kind, subject, observed, expected, rows_behind, is_flagged, sentence
    from {{ ref('int_actions__green_checks') }}
    union all
    select gaming_check, subject_kind, subject, observed, expected, rows_behind, is_flagged, sentence
    from {{ ref('int_actions__survey_checks') }}
    union all
    select gaming_check, subject_kind, subject, observed, expected, rows_behind, is_flagged, sentence
    from {{ ref('int_actions__configuration_checks') }}

),

final as (

    select
        gaming_check,
        subject_kind,
        subject,
        {{ published('observed', 6) }} as observed,
        {{ published('expected', 6) }} as expected,
        cast(rows_behind as bigint) as rows_behind,
        is_flagged,
        sentence
    from checks

)

select * from final
