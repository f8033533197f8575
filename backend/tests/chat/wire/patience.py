"""A model is waited for as long as a test may last."""

from aipress.chat.patience import Patience

IMPATIENT = Patience(
    first_wait_seconds=0.01, longest_wait_seconds=0.5, silence_seconds=0.5, connect_seconds=0.5
)
