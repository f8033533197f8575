"""A model is waited for as long as a test may last: no wait that is asked for, but silence that a busy machine may cause."""

from aipress.chat.patience import Patience

IMPATIENT = Patience(first_wait_seconds=0.01, longest_wait_seconds=0.5, silence_seconds=4, connect_seconds=4)
