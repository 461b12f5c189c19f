{# AUC and its variance with accounts as clusters (Obuchowski 1997), plain and with rows weighted by ARR, from what
   ranked_clusters() gives. Over I clusters, of which I10 have a churned row and I01 a retained one, with m churned rows
   and n retained ones: I10/(I10-1) * sum(a^2)/m^2 + I01/(I01-1) * sum(b^2)/n^2 + 2 * I/(I-1) * sum(a*b)/(m*n), where a and
   b are a cluster's sums of what its churned, and its retained, rows count, less the AUC for each row. #}
{% macro clustered_auc(clusters) %}
with

totals as (

    select
        score_model,
        predictor,
        dimension,
        dimension_value,
        cast(sum(panel_rows) as bigint) as panel_rows,
        count(*) as accounts,
        cast(sum(churned_rows) as bigint) as churned_rows,
        cast(sum(retained_rows) as bigint) as retained_rows,
        count(case when churned_rows > 0 then 1 end) as churned_accounts,
        sum(arr) as arr,
        sum(churned_arr) as churned_arr,
        sum(retained_arr) as retained_arr,
        {{ safe_divide(exact_sum('outranked_retained'), 'sum(churned_rows)') }} as auc,
        {{ safe_divide(exact_sum('outranked_retained_arr'), 'sum(churned_arr)') }} as arr_auc,
        {{ exact_sum('churned_in_tenth') }} as churned_in_tenth,
        {{ exact_sum('churned_in_fifth') }} as churned_in_fifth,
        {{ exact_sum('churned_arr_in_tenth') }} as churned_arr_in_tenth,
        {{ exact_sum('churned_arr_in_fifth') }} as churned_arr_in_fifth
    from {{ clusters }}
    group by score_model, predictor, dimension, dimension_value

),

deviations as (

    select
        totals.score_model,
        totals.predictor,
        totals.dimension,
        totals.dimension_value,
        clusters.churned_rows,
        clusters.retained_rows,
        clusters.churned_arr,
        clusters.retained_arr,
        clusters.outranked_retained - clusters.churned_rows * totals.auc as churned_deviation,
        clusters.outranking_churned - clusters.retained_rows * totals.auc as retained_deviation,
        clusters.outranked_retained_arr - clusters.churned_arr * totals.arr_auc as churned_arr_deviation,
        clusters.outranking_churned_arr - clusters.retained_arr * totals.arr_auc as retained_arr_deviation
    from totals
    inner join {{ clusters }} as clusters
        on
            totals.score_model = clusters.score_model
            and totals.predictor = clusters.predictor
            and totals.dimension = clusters.dimension
            and totals.dimension_value = clusters.dimension_value

),

variances as (

    select
        score_model,
        predictor,
        dimension,
        dimension_value,
        {{ clustered_variance('churned_deviation', 'retained_deviation', 'churned_rows', 'retained_rows') }} as auc_variance,
        {{ clustered_variance('churned_arr_deviation', 'retained_arr_deviation', 'churned_arr', 'retained_arr') }}
            as arr_auc_variance
    from deviations
    group by score_model, predictor, dimension, dimension_value

)

select
    totals.*,
    variances.auc_variance,
    {{ interval_bound('totals.auc', 'variances.auc_variance', '-', 0, 1) }} as auc_low,
    {{ interval_bound('totals.auc', 'variances.auc_variance', '+', 0, 1) }} as auc_high,
    {{ interval_bound('totals.arr_auc', 'variances.arr_auc_variance', '-', 0, 1) }} as arr_auc_low,
    {{ interval_bound('totals.arr_auc', 'variances.arr_auc_variance', '+', 0, 1) }} as arr_auc_high
from totals
inner join variances
    on
        totals.score_model = variances.score_model
        and totals.predictor = variances.predictor
        and totals.dimension = variances.dimension
        and totals.dimension_value = variances.dimension_value
{% endmacro %}


{# The variance above, from the deviations and weights of clusters. Null with fewer than two clusters of either kind. #}
{% macro clustered_variance(churned_deviation, retained_deviation, churned_weight, retained_weight) -%}
    {{ variance_part(churned_deviation ~ ' * ' ~ churned_deviation, churned_weight ~ ' > 0', churned_weight, churned_weight) }}
    + {{ variance_part(retained_deviation ~ ' * ' ~ retained_deviation, retained_weight ~ ' > 0', retained_weight, retained_weight) }}
    + 2 * {{ variance_part(
        churned_deviation ~ ' * ' ~ retained_deviation, churned_weight ~ ' + ' ~ retained_weight ~ ' > 0',
        churned_weight, retained_weight
    ) }}
{%- endmacro %}

{% macro variance_part(product, is_counted, weight, other_weight) -%}
    {%- set clusters = 'count(case when ' ~ is_counted ~ ' then 1 end)' -%}
    {{ safe_divide(clusters, clusters ~ ' - 1') }}
    * {{ safe_divide(exact_sum(product), 'cast(sum(' ~ weight ~ ') as ' ~ type_double() ~ ')') }}
    / nullif(cast(sum({{ other_weight }}) as {{ type_double() }}), 0)
{%- endmacro %}


{# One end of a 95 % interval, not beyond what the figure can be. #}
{% macro interval_bound(figure, variance, sign, lowest, highest) -%}
    {%- set bound -%}
    {{ figure }} {{ sign }} 1.959963984540054 * sqrt(case when {{ variance }} > 0 then {{ variance }} else 0 * {{ variance }} end)
    {%- endset -%}
    case
        when {{ bound }} < {{ lowest }} then {{ lowest }}
        when {{ bound }} > {{ highest }} then {{ highest }}
        else {{ bound }}
    end
{%- endmacro %}
