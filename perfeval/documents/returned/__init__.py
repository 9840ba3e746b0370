"""退回修改.xlsx: patches an official's own workbook part by part, so that nothing but the marks differs (docs/开发/文档.md)."""
