"""The web door: hand in on a page and read the feedback as it fills. Needs ``pip install 'torchgrade[serve]'``."""
