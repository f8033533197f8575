"""The offline engine: plain language to actions with rules and scores, and a learned second opinion; no network, no pydantic_ai.

`read` the words, `spell` them right, find the sites meant, split into wishes, score intents, ask the second opinion (`advice.py`),
fill slots, decide.
"""
