using System.Globalization;
using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Sql;

/// <summary>
/// Takes SQL apart by PostgreSQL's lexical rules (documentation, chapter 4.1): nested comments, texts with and without escapes, dollar quotes, quoted names, parameters.
/// A part that only the running program knows counts as a letter of a name.
/// </summary>
internal sealed class SqlLexer
{
    private readonly string _text;
    private readonly List<SqlToken> _tokens = [];
    private int _at;

    private SqlLexer(string text) => _text = text;

    /// <summary>Whether a quote or a comment is not closed, which is what an apostrophe in a sentence looks like.</summary>
    public bool IsBroken { get; private set; }

    public IReadOnlyList<SqlToken> Tokens => _tokens;

    public static SqlLexer Read(string text)
    {
        var lexer = new SqlLexer(text);
        while (lexer._at < text.Length)
        {
            lexer.Next();
        }

        return lexer;
    }

    private char Peek(int ahead = 1) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void Next()
    {
        var current = _text[_at];
        if (char.IsWhiteSpace(current))
        {
            _at++;
        }
        else if (current == '-' && Peek() == '-')
        {
            _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
        }
        else if (current == '/' && Peek() == '*')
        {
            Comment();
        }
        else if (current == '\'')
        {
            Quote(_at, _at + 1, '\'', escapes: false, SqlTokenKind.Text);
        }
        else if (current == '"')
        {
            Quote(_at, _at + 1, '"', escapes: false, SqlTokenKind.Quoted);
        }
        else if (current is 'e' or 'E' or 'n' or 'N' or 'b' or 'B' or 'x' or 'X' && Peek() == '\'')
        {
            Quote(_at, _at + 2, '\'', escapes: current is 'e' or 'E', SqlTokenKind.Text);
        }
        else if (current is 'u' or 'U' && Peek() == '&' && Peek(2) is '"' or '\'')
        {
            Unicode();
        }
        else if (IsNameStart(current))
        {
            Word();
        }
        else
        {
            Other(current);
        }
    }

    private void Other(char current)
    {
        if (char.IsAsciiDigit(current))
        {
            Number();
        }
        else if (current == '$')
        {
            Dollar();
        }
        else if (current is ':' or '@' && IsNameStart(Peek()) && (_at == 0 || _text[_at - 1] != ':'))
        {
            var start = _at++;
            while (_at < _text.Length && IsNamePart(_text[_at]))
            {
                _at++;
            }

            Add(SqlTokenKind.Parameter, _text[start.._at], start, start);
        }
        else
        {
            var start = _at;
            var isPair = (current == ':' && Peek() == ':') || (current == '|' && Peek() == '|');
            _at += isPair ? 2 : 1;
            Add(current == '?' ? SqlTokenKind.Parameter : SqlTokenKind.Symbol, _text[start.._at], start, start);
        }
    }

    private void Comment()
    {
        var depth = 0;
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == '/' && Peek() == '*')
            {
                depth++;
                _at++;
            }
            else if (_text[_at] == '*' && Peek() == '/')
            {
                _at++;
                if (--depth == 0)
                {
                    _at++;
                    return;
                }
            }
        }

        IsBroken = true;
    }

    private void Quote(int start, int content, char quote, bool escapes, SqlTokenKind kind)
    {
        var value = new StringBuilder();
        for (_at = content; _at < _text.Length; _at++)
        {
            var current = _text[_at];
            if (escapes && current == '\\' && _at + 1 < _text.Length)
            {
                value.Append(_text[++_at]);
            }
            else if (current == quote && Peek() == quote)
            {
                value.Append(quote);
                _at++;
            }
            else if (current == quote)
            {
                _at++;
                Add(kind, value.ToString(), start, content);
                return;
            }
            else
            {
                value.Append(current);
            }
        }

        IsBroken = true;
    }

    // U&"\0069nventory" is inventory.
    private void Unicode()
    {
        var start = _at;
        var quote = Peek(2);
        Quote(start, _at + 3, quote, escapes: false, quote == '"' ? SqlTokenKind.Quoted : SqlTokenKind.Text);
        if (IsBroken || !_tokens[^1].Value.Contains('\\', StringComparison.Ordinal))
        {
            return;
        }

        var value = new StringBuilder();
        var written = _tokens[^1].Value;
        for (var i = 0; i < written.Length; i++)
        {
            var digits = written[i] != '\\' || i + 1 >= written.Length ? 0 : written[i + 1] == '+' ? 6 : 4;
            var from = digits == 6 ? i + 2 : i + 1;
            if (digits > 0 && from + digits <= written.Length && int.TryParse(written.AsSpan(from, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && code is > 0 and < 0x10FFFF and not (>= 0xD800 and <= 0xDFFF))
            {
                value.Append(char.ConvertFromUtf32(code));
                i = from + digits - 1;
            }
            else
            {
                value.Append(written[i]);
            }
        }

        _tokens[^1] = _tokens[^1] with { Value = value.ToString() };
    }

    private void Word()
    {
        var start = _at;
        while (_at < _text.Length && IsNamePart(_text[_at]))
        {
            _at++;
        }

        Add(SqlTokenKind.Word, _text[start.._at].ToLowerInvariant(), start, start);
    }

    private void Number()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_' || (_text[_at] == '.' && char.IsAsciiDigit(Peek()))))
        {
            _at++;
        }

        Add(SqlTokenKind.Number, _text[start.._at], start, start);
    }

    private void Dollar()
    {
        var start = _at;
        var end = _at + 1;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_'))
        {
            end++;
        }

        if (end < _text.Length && _text[end] == '$' && !char.IsAsciiDigit(_text[_at + 1]))
        {
            var tag = _text[_at..(end + 1)];
            var close = _text.IndexOf(tag, end + 1, StringComparison.Ordinal);
            IsBroken |= close < 0;
            var stop = close < 0 ? _text.Length : close;
            _at = close < 0 ? _text.Length : close + tag.Length;
            Add(SqlTokenKind.Body, _text[(end + 1)..stop], start, end + 1);
        }
        else
        {
            _at = Math.Max(end, _at + 1);
            Add(SqlTokenKind.Parameter, _text[start.._at], start, start);
        }
    }

    private void Add(SqlTokenKind kind, string value, int start, int content) => _tokens.Add(new SqlToken(kind, value, start, content, _at));

    private static bool IsNameStart(char character) => char.IsLetter(character) || character is '_' or TextUse.Hole;

    private static bool IsNamePart(char character) => char.IsLetterOrDigit(character) || character is '_' or '$' or TextUse.Hole;
}
