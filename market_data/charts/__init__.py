"""What charts draw beside the candles themselves.

averages      moving averages of closes (移动平均线)
comparison    several instruments as per cent from a common day
marks         dated events: surrender deadlines, policies, first days of instruments
"""
