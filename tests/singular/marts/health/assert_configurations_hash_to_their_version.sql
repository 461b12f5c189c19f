-- a stored configuration is whole: its name is the md5 of its rows, so no row was lost, added or edited
with

hashed as (

    select
        config_version,
        md5({{ ordered_listagg("seed || ':' || row_text", 'chr(10)', "seed || ':' || row_text") }}) as rows_md5
    from {{ ref('score_configurations') }}
    group by config_version

)

select
    config_version,
    rows_md5
from hashed
where config_version <> rows_md5
