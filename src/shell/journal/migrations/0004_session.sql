-- The record of one session without a scan of the chain: 5 is the kind of a transition, 2 that of a
-- configuration. The expression is written in the same words where it is asked for.
CREATE INDEX chain_session ON chain (coalesce(
    json_extract(body, '$.is.session.session'),
    json_extract(body, '$.is.alarm.occurrence.session')
)) WHERE kind = 5;
CREATE INDEX chain_configuration ON chain (n) WHERE kind = 2;
