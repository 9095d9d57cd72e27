"""Texts that a reader reads as it is loaded: do faster products say the same, and how large are the numbers inside?"""

from bot.answering.reader.relations import Excerpt

_BUDGET = (
    "Deputies are to vote on the 1.4-billion-crown budget on 12 May, the speaker's office announced. The opposition has"
    " called it “a bill for the rich” and threatened to stay away, which would leave the chamber short of its quorum of"
    " 76. Finance minister Ada Renn, who survived a vote of no confidence last month, said she was sure of a majority;"
    " two of her party's own members have not said how they will decide."
)
_DRONE = "According to Vestria, Kurland's air force did so; Kurland says that it fell by itself, at 04:15 GMT."
# Short and long ones, with and without a heading, with figures, quotation marks and hardly anything.
PROBE = (
    (
        "Did any vessel leave the port?",
        Excerpt("2024-09-09: Ministry denies it", "The ministry denied on Monday that any vessel had left the port."),
    ),
    (
        "Will Orland's parliament vote on the budget in May?",
        Excerpt("2023-04-28 Orland Gazette: Budget vote on 12 May", _BUDGET),
    ),
    ("Is the bridge still closed", Excerpt("", "No.")),
    (
        "Were more than 300 people killed in the flood of Tarn?",
        Excerpt("2022-11-03 Tarn Radio: Toll rises to 214", "“We have found 214 bodies,” said Colonel I. M. Osei."),
    ),
    ("Who accuses Kurland of having shot down the drone over the strait?", Excerpt("2021-06-30", _DRONE)),
)
