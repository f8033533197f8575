"""`python -m aipress.cli`: what ./aipress hands over to."""

from aipress.cli.app import main

main()
