"""A page as a browser would read it."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Its elements, and the specification of its explorer as text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.specification = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        if self.tags and self.tags[-1] == ("script", {"type": "application/json"}) and data.startswith("{"):
            self.specification = data
