"""The offline engine: plain language to actions with rules and scores; no network, no weights, no pydantic_ai.

`read` the words, `spell` them right, find the sites meant, split into wishes, score intents, fill slots, decide.
"""
