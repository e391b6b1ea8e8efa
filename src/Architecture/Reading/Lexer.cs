namespace ModularMonolith.Architecture.Reading;

/// <summary>A word or a sign of a source file.</summary>
internal readonly record struct Token(string Text, int Line, int Column)
{
    public bool IsName => Text.Length > 0 && (char.IsLetter(Text[0]) || Text[0] == '_');
}

/// <summary>Splits C# into words and signs. Comments, preprocessor lines and texts are left out; the code inside of interpolated texts is not.</summary>
internal sealed class Lexer(string text)
{
    private readonly Stack<Interpolation> _interpolations = new();
    private int _at;
    private int _lineStart;

    /// <summary>The line that was reached.</summary>
    public int Line { get; private set; } = 1;

    public Token? Next()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '\n')
            {
                NewLine();
            }
            else if (char.IsWhiteSpace(c))
            {
                _at++;
            }
            else if (c == '/' && Peek(1) == '/')
            {
                SkipLine();
            }
            else if (c == '/' && Peek(1) == '*')
            {
                SkipTo("*/");
            }
            else if (c == '#' && text.AsSpan(_lineStart, _at - _lineStart).IsWhiteSpace())
            {
                SkipLine();
            }
            else if (c == '\'')
            {
                SkipCharacter();
            }
            else if (IsText(out var dollars, out var verbatim, out var quotes))
            {
                BeginText(dollars, verbatim, quotes);
            }
            else if (char.IsLetter(c) || c is '_' or '@')
            {
                return Word();
            }
            else
            {
                if (_interpolations.Count > 0 && Hole(c))
                {
                    continue;
                }

                var token = new Token(c.ToString(), Line, Column);
                _at++;
                return token;
            }
        }

        return null;
    }

    private int Column => _at - _lineStart + 1;

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void NewLine()
    {
        _at++;
        Line++;
        _lineStart = _at;
    }

    private void SkipLine()
    {
        var end = text.IndexOf('\n', _at);
        _at = end < 0 ? text.Length : end;
    }

    private void SkipTo(string end)
    {
        while (_at < text.Length && !text.AsSpan(_at).StartsWith(end, StringComparison.Ordinal))
        {
            Advance();
        }

        _at = Math.Min(text.Length, _at + end.Length);
    }

    private void Advance()
    {
        if (text[_at] == '\n')
        {
            NewLine();
        }
        else
        {
            _at++;
        }
    }

    private void SkipCharacter()
    {
        _at++;
        while (_at < text.Length && text[_at] is not ('\'' or '\n'))
        {
            _at += text[_at] == '\\' ? 2 : 1;
        }

        _at++;
    }

    private Token Word()
    {
        var column = Column;
        var start = text[_at] == '@' ? ++_at : _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        return new Token(text[start.._at], Line, column);
    }

    // Marks in front of the quotes: how many dollars, whether an at sign; three quotes or more make a raw text.
    private bool IsText(out int dollars, out bool verbatim, out int quotes)
    {
        var ahead = 0;
        dollars = 0;
        verbatim = false;
        while (Peek(ahead) is '$' or '@')
        {
            dollars += Peek(ahead) == '$' ? 1 : 0;
            verbatim |= Peek(ahead) == '@';
            ahead++;
        }

        quotes = 0;
        while (Peek(ahead + quotes) == '"')
        {
            quotes++;
        }

        if (quotes == 0)
        {
            return false;
        }

        quotes = quotes >= 3 ? quotes : 1;
        _at += ahead + quotes;
        return true;
    }

    private void BeginText(int dollars, bool verbatim, int quotes) => Continue(new Interpolation(dollars, verbatim, quotes, 0));

    // Reads on to the end of the text, or to the next hole in it.
    private void Continue(Interpolation current)
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '"' && Ends(current))
            {
                return;
            }

            if (c == '\\' && current is { IsVerbatim: false, Quotes: 1 })
            {
                _at += 2;
            }
            else if (c == '{' && current.Dollars > 0)
            {
                var braces = Run('{');
                if (current.Quotes == 1 ? braces % 2 == 1 : braces >= current.Dollars)
                {
                    _interpolations.Push(current with { Depth = 0 });
                    return;
                }
            }
            else
            {
                Advance();
            }
        }
    }

    private bool Ends(Interpolation current)
    {
        if (current.Quotes == 1)
        {
            _at++;
            if (current.IsVerbatim && Peek(0) == '"')
            {
                _at++;
                return false;
            }

            return true;
        }

        return Run('"') >= current.Quotes;
    }

    private int Run(char sign)
    {
        var start = _at;
        while (_at < text.Length && text[_at] == sign)
        {
            _at++;
        }

        return _at - start;
    }

    // Inside of a hole braces are counted; the last one leads back into the text, and so does a colon's format.
    private bool Hole(char c)
    {
        var current = _interpolations.Peek();
        switch (c)
        {
            case '{' or '(' or '[':
                Replace(current with { Depth = current.Depth + 1 });
                return false;
            case ')' or ']':
                Replace(current with { Depth = current.Depth - 1 });
                return false;
            case '}' when current.Depth > 0:
                Replace(current with { Depth = current.Depth - 1 });
                return false;
            case '}':
                _interpolations.Pop();
                _at += current.Quotes == 1 ? 1 : current.Dollars;
                Continue(current);
                return true;
            case ':' when current.Depth == 0 && Peek(1) != ':':
                var end = text.IndexOf('}', _at);
                _at = end < 0 ? text.Length : end;
                return true;
            default:
                return false;
        }
    }

    private void Replace(Interpolation current)
    {
        _interpolations.Pop();
        _interpolations.Push(current);
    }

    private sealed record Interpolation(int Dollars, bool IsVerbatim, int Quotes, int Depth);
}
