-- a score can be traced to its configuration by this name: any change of a row or a setting gives another one
select
    score_model,
    md5({{ ordered_listagg("seed || ':' || row_text", 'chr(10)', "seed || ':' || row_text") }}) as config_version
from {{ ref('int_config__rows') }}
group by score_model
