"""A made-up software company, told as raw tables: who it sells to, what they do, why they leave."""
