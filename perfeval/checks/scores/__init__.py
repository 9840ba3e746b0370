"""评分 and 履职: the department's own scores against the computed ones."""
