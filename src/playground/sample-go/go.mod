module example.com/asset-inventory

go 1.22
