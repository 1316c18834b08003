"""What the tests read from a page of the administration."""


def text(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("<wbr>", "")
