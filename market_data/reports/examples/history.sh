# The daily history as CSV; every column is explained on this page.
curl --fail --silent --show-error "http://localhost:8000/api/v1/reports/history/?as=csv&from=2021-07-16" --output history.csv

# One vintage, as a workbook.
curl --fail --silent --show-error "http://localhost:8000/api/v1/reports/history/?as=xlsx&instrument=CEA24" --output cea24.xlsx

# The own statement of a day: with an API key of your organisation that has the scope "read".
# curl --fail --header "Authorization: Token $TANSHI_KEY" "http://localhost:8000/api/v1/reports/statement/2026-01-05/?as=parquet&table=trades" --output trades.parquet
