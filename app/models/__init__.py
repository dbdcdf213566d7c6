"""What is stored and how: values, tables, the journal, encryption, backups."""
