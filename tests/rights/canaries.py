"""Numbers and words that occur nowhere else: where one shows up before somebody who may not see it, rights leak."""

#: tonnes and fen that only Jianghai has; each stands for what nobody else may learn
SECRETS = {
    "CEA24 in the registry": 7_340_033,
    "CEA25 for trading": 1_299_709,
    "pledged": 611_953,
    "frozen": 524_287,
    "to be cancelled": 393_241,
    "to be transferred": 216_091,
}
#: the client's own id of an order: the listing is public, its owner and this are not
SECRET_ID = "secret-1"
#: a person's act that Jianghai reported: the person's alone, once it is recorded
SECRET_RECORD = "trip-of-a-person"
LISTED_T = 65_537
#: a sealed bid: nobody but Jianghai's own people, authorities and operators included, learns these before the end
BID_T, BID_PRICE, BID_FEN = 71_993, "51.83", 5_183
SEALED = {"bid": str(BID_T), "lock of the bid": str(BID_T * BID_FEN)}
YUAN = 98_765_432_10
