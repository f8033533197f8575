"""Words that ask kindly and say nothing of what is asked: "could you please", "I would be grateful if you could"."""

from aipress.chat.offline.names import phrases

GLADLY = tuple(
    (*opening.split(), "if", "you", *modal.split())
    for opening in (
        *(f"i would be {feeling}" for feeling in "glad happy grateful pleased thankful".split()),
        *(f"it would be {feeling}" for feeling in "nice lovely kind great good".split()),
        "i would appreciate it",
    )
    for modal in ("", "could", "would", "can")
)
PLAINLY = phrases(
    """i like to|we like to|i wish to|we wish to|i am wanting to|i am looking to|i would appreciate to|i am ready|i am ready now
    |i am certain|i am sure|final decision|final answer|my decision|my request|my wish|todo|to do|next task|after long thought
    |after much thought|after some thought|would you be so kind to|would you be so kind as to|would you be so kind and
    |be so kind to|be so kind and|i would like that you|i want that you|we want that you|we would like that you
    |i would love that you|therefore|hence|thus|that is why|please|hey|hi|hello|ok|okay|so|well|and|then|also|now|just|kindly
    |first|next|finally|quickly|actually|no|yes|yeah|sorry|oops|wait|great|perfect|thanks|good|but|plus|can you|could you
    |would you|will you|can you please|would you mind|could we|can we|let us|go ahead and|i want you to|i would like you to
    |i need you to|i want to|i need to|i would like to|i would love to|we need to|we want to|we would like to|maybe|after that
    |afterwards|,|!|-|:|time to|i think we should|feel free to|please to|kindly to|it is needed to|is needed to|we would love to
    |we would love you to|i would love you to|could u|can u|would u|do me a favour and|do me a favor and|be so kind as to
    |be so good as to|are you able to|is it possible to|would it be possible to|any chance you could|i was hoping you could
    |quick one|one more thing|alright|right|cool|cheers|um|uh|dear assistant|dude|guys|team|morning|aipress|assistant|how about
    |what about you|for me|instead|rather|better|i am going to|i have to|i must|i mean|i meant|i decided to|i have decided to
    |we decided to|we have decided to|you can|you may|you should|it is time to|help me|help me to|let me"""
)
FILLERS = tuple(sorted((*GLADLY, *PLAINLY), key=len, reverse=True))
