"""What both HTTP services share: how a failure leaves them."""
