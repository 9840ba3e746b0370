"""What 汇总表.xlsx shows: tables made by pandas from the objects of 结果.json, and the sheets they are on."""
