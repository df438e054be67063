"""The panel page: draws OpenSearch Dashboards' saved objects where there is none to draw them."""
