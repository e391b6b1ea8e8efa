using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>
/// Reads what the compiled code does not tell from a source file: where types are declared, what is imported, and names whose values the compiler copies. It knows C#'s
/// words, comments and texts, not its grammar.
/// </summary>
internal sealed class SourceReader
{
    private readonly List<string> _usings = [];
    private readonly List<Declaration> _declarations = [];
    private readonly Dictionary<(string, string, bool), DottedName> _names = [];
    private readonly Stack<Scope> _scopes = new();
    private readonly List<Token> _recent = [];
    private readonly string _path;
    private string _namespace = string.Empty;
    private Scope? _pending;
    private int _depth;
    private int _parentheses;

    private SourceReader(string path) => _path = path;

    /// <summary>Reads a file.</summary>
    /// <param name="path">How it is called in what is found.</param>
    /// <param name="text">What it says.</param>
    /// <returns>What it declares and names.</returns>
    public static SourceFile Read(string path, string text)
    {
        var reader = new SourceReader(path);
        var lexer = new Lexer(text);
        Token last = default;
        while (lexer.Next() is { } token)
        {
            reader.Take(token);
            last = token;
        }

        while (reader._scopes.TryPop(out var open))
        {
            reader.Close(open, last);
        }

        return new SourceFile(path, text.EndsWith('\n') ? lexer.Line - 1 : lexer.Line, reader._usings, reader._declarations, [.. reader._names.Values]);
    }

    private void Take(Token token)
    {
        switch (token.Text)
        {
            case "{":
                _depth++;
                if (_pending is { } opened)
                {
                    _pending = null;
                    _scopes.Push(opened with { Depth = _depth });
                }

                break;
            case "}":
                if (_scopes.TryPeek(out var current) && current.Depth == _depth)
                {
                    Close(_scopes.Pop(), token);
                }

                _depth--;
                break;
            case "(":
                _parentheses++;
                break;
            case ")":
                _parentheses--;
                break;
            case ";":
                Statement(token);
                break;
            default:
                Word(token);
                break;
        }

        _recent.Add(token);
        if (token.Text is ";" or "{" or "}")
        {
            _recent.Clear();
        }
    }

    // A record of one line, or a namespace without braces, ends with a semicolon.
    private void Statement(Token token)
    {
        if (_parentheses > 0)
        {
            return;
        }

        if (_pending is { } opened)
        {
            _pending = null;
            if (opened.IsNamespace)
            {
                _namespace = opened.Name;
            }
            else
            {
                Close(opened, token);
            }
        }
        else if (_recent.Count > 0 && (_recent[0].Text == "using" || (_recent[0].Text == "global" && _recent.Count > 1 && _recent[1].Text == "using")) && _scopes.All(static scope => scope.IsNamespace))
        {
            var words = _recent.SkipWhile(static word => word.Text is "using" or "global").Select(static word => word.Text).ToList();
            var isGlobal = _recent[0].Text == "global";
            var equals = words.IndexOf("=");
            var isStatic = words.FirstOrDefault() == "static";
            _usings.Add((isGlobal ? "global " : string.Empty) + (isStatic || equals >= 0 ? "static " : string.Empty) + string.Concat(words.Skip(Math.Max(equals + 1, isStatic ? 1 : 0))));
        }
    }

    private void Word(Token token)
    {
        var before = _recent.Count > 0 ? _recent[^1].Text : string.Empty;
        if (_pending is { IsNamespace: true } pending && (token.Text == "." || token.IsName))
        {
            _pending = pending with { Name = pending.Name + token.Text };
        }
        else if (token.Text == "namespace" && _scopes.All(static scope => scope.IsNamespace))
        {
            _pending = new Scope(string.Empty, token, 0, IsNamespace: true);
        }
        else if (token.IsName && _pending is null && _parentheses == 0 && IsDeclaration(before, token.Text))
        {
            _pending = new Scope(token.Text, token, 0, IsNamespace: false);
        }
        else if (token.IsName)
        {
            Name(token, before);
        }
    }

    // "record struct X" declares X; "where T : class" and "is record" declare nothing.
    private bool IsDeclaration(string before, string name) =>
        before is "class" or "interface" or "enum" or "struct" or "record" && name is not ("class" or "struct" or "where") && (_recent.Count < 2 || _recent[^2].Text is not (":" or ","));

    private void Name(Token token, string before)
    {
        if (before == "." && _recent.Count >= 2 && _recent[^2] is { IsName: true } left && char.IsUpper(left.Text[0]) && char.IsUpper(token.Text[0]))
        {
            _names.TryAdd((left.Text, token.Text, InNameOf), new DottedName(left.Text, token.Text, InNameOf, token.Line, token.Column));
        }
        else if (InNameOf && before == "(" && char.IsUpper(token.Text[0]))
        {
            _names.TryAdd((token.Text, string.Empty, true), new DottedName(token.Text, string.Empty, true, token.Line, token.Column));
        }
    }

    private bool InNameOf
    {
        get
        {
            for (var i = _recent.Count - 1; i >= 0; i--)
            {
                if (_recent[i].Text == "(")
                {
                    return i > 0 && _recent[i - 1].Text == "nameof";
                }

                if (!_recent[i].IsName && _recent[i].Text != ".")
                {
                    return false;
                }
            }

            return false;
        }
    }

    private void Close(Scope scope, Token end)
    {
        if (scope.IsNamespace)
        {
            return;
        }

        var outer = _scopes.Where(static around => !around.IsNamespace).Reverse().Select(static around => around.Name).ToList();
        var spaces = string.Join('.', _scopes.Where(static around => around.IsNamespace).Reverse().Select(static around => around.Name).Prepend(_namespace).Where(static part => part.Length > 0));
        var name = string.Join('/', [.. outer, scope.Name]);
        _declarations.Add(new Declaration(
            spaces.Length > 0 ? spaces + "." + name : name, new SourceSpan(_path, scope.Start.Line, scope.Start.Column, end.Line, end.Column + 1)));
    }

    private sealed record Scope(string Name, Token Start, int Depth, bool IsNamespace);
}
