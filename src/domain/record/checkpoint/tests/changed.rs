//! What a checkpoint becomes under a configuration that has changed, and what is no checkpoint.
