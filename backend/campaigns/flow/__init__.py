"""The line, one step a file.

Read in this order: plan, audience, compose, guard, approve, dispatch, track, answer, insight.

Pure functions over `campaigns.model`: values and the time come in, values go out.
"""
