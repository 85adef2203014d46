"""The relationship lifecycle: stages, the curve of volume and profit, base measures, features of lost customers."""
