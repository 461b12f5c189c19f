{# What each account adds to the figures of a ranking, from rows (score_model, predictor, dimension, dimension_value,
   account_id, is_churned, arr, risk). From ranks, so that the cost grows with the rows: a churned row counts the share of
   retained rows with a smaller risk, a retained row the share of churned rows with a greater one, equals one half. Of the
   tenth and the fifth of all rows with the greatest risk, rows that tie at the line are in it in proportion. #}
{% macro ranked_clusters(rows) %}
with

-- as many rows as there are different risks
risks as (

    select
        score_model,
        predictor,
        dimension,
        dimension_value,
        risk,
        count(*) as rows_at,
        count(case when is_churned then 1 end) as churned_at,
        count(case when not is_churned then 1 end) as retained_at,
        sum(case when is_churned then {{ exact('arr') }} else 0 end) as churned_arr_at,
        sum(case when not is_churned then {{ exact('arr') }} else 0 end) as retained_arr_at
    from {{ rows }}
    group by score_model, predictor, dimension, dimension_value, risk

),

cumulated as (

    select
        *,
        sum(rows_at) over up_to_risk as rows_up_to,
        sum(churned_at) over up_to_risk as churned_up_to,
        sum(retained_at) over up_to_risk as retained_up_to,
        sum(churned_arr_at) over up_to_risk as churned_arr_up_to,
        sum(retained_arr_at) over up_to_risk as retained_arr_up_to,
        sum(rows_at) over ranking as rows_total,
        sum(churned_at) over ranking as churned_total,
        sum(retained_at) over ranking as retained_total,
        sum(churned_arr_at) over ranking as churned_arr_total,
        sum(retained_arr_at) over ranking as retained_arr_total
    from risks
    window
        up_to_risk as (
            partition by score_model, predictor, dimension, dimension_value
            order by risk
            rows between unbounded preceding and current row
        ),
        ranking as (partition by score_model, predictor, dimension, dimension_value)

),

placements as (

    select
        score_model,
        predictor,
        dimension,
        dimension_value,
        risk,
        {{ safe_divide('retained_up_to - 0.5 * retained_at', 'retained_total') }} as outranked_retained,
        {{ safe_divide('churned_total - churned_up_to + 0.5 * churned_at', 'churned_total') }} as outranking_churned,
        {{ safe_divide('retained_arr_up_to - 0.5 * retained_arr_at', 'retained_arr_total') }} as outranked_retained_arr,
        {{ safe_divide('churned_arr_total - churned_arr_up_to + 0.5 * churned_arr_at', 'churned_arr_total') }}
            as outranking_churned_arr,
        {{ share_within('rows_total / 10.0', 'rows_total - rows_up_to', 'rows_at') }} as tenth_share,
        {{ share_within('rows_total / 5.0', 'rows_total - rows_up_to', 'rows_at') }} as fifth_share
    from cumulated

)

select
    ranked.score_model,
    ranked.predictor,
    ranked.dimension,
    ranked.dimension_value,
    ranked.account_id,
    count(*) as panel_rows,
    count(case when ranked.is_churned then 1 end) as churned_rows,
    count(case when not ranked.is_churned then 1 end) as retained_rows,
    sum({{ exact('ranked.arr') }}) as arr,
    sum(case when ranked.is_churned then {{ exact('ranked.arr') }} else 0 end) as churned_arr,
    sum(case when not ranked.is_churned then {{ exact('ranked.arr') }} else 0 end) as retained_arr,
    {{ exact_sum('case when ranked.is_churned then placements.outranked_retained else 0 end') }} as outranked_retained,
    {{ exact_sum('case when ranked.is_churned then 0 else placements.outranking_churned end') }} as outranking_churned,
    {{ exact_sum('case when ranked.is_churned then ranked.arr * placements.outranked_retained_arr else 0 end') }}
        as outranked_retained_arr,
    {{ exact_sum('case when ranked.is_churned then 0 else ranked.arr * placements.outranking_churned_arr end') }}
        as outranking_churned_arr,
    {{ exact_sum('case when ranked.is_churned then placements.tenth_share else 0 end') }} as churned_in_tenth,
    {{ exact_sum('case when ranked.is_churned then placements.fifth_share else 0 end') }} as churned_in_fifth,
    {{ exact_sum('case when ranked.is_churned then ranked.arr * placements.tenth_share else 0 end') }}
        as churned_arr_in_tenth,
    {{ exact_sum('case when ranked.is_churned then ranked.arr * placements.fifth_share else 0 end') }}
        as churned_arr_in_fifth
from {{ rows }} as ranked
inner join placements
    on
        ranked.score_model = placements.score_model
        and ranked.predictor = placements.predictor
        and ranked.dimension = placements.dimension
        and ranked.dimension_value = placements.dimension_value
        and ranked.risk = placements.risk
group by ranked.score_model, ranked.predictor, ranked.dimension, ranked.dimension_value, ranked.account_id
{% endmacro %}


{# Of rows that tie, the share that is among the first so many rows when others stand before them. #}
{% macro share_within(places, rows_before, rows_at) -%}
    case
        when {{ places }} <= {{ rows_before }} then 0
        when {{ places }} >= {{ rows_before }} + {{ rows_at }} then 1
        else {{ safe_divide(places ~ ' - (' ~ rows_before ~ ')', rows_at) }}
    end
{%- endmacro %}
