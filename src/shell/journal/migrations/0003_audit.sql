-- People's acts, newest first, without a scan of the chain: 4 is the kind of an act.
CREATE INDEX chain_act ON chain (n) WHERE kind = 4;
