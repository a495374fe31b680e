"""What a pull request changes, for those who review it: programs that CI runs.

`python -m review scope` tells which tests a change needs, `summary` what it does to the site, `unpack` and `place`
publish a preview from an archive that is not trusted, `links` asks other sites whether they still have what notes link
to.
"""
