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
    private readonly Dictionary<(string, string, string, bool), DottedName> _names = [];
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly List<string> _statics = [];
    private readonly Stack<Scope> _scopes = new();
    private readonly List<Token> _recent = [];
    private readonly string _path;
    private string _namespace = string.Empty;
    private Scope? _pending;
    private int _depth;
    private int _parentheses;

    private SourceReader(string path, GlobalUsings globals)
    {
        _path = path;
        _usings.AddRange(globals.Namespaces);
        _statics.AddRange(globals.Statics);
        foreach (var (alias, target) in globals.Aliases)
        {
            _aliases[alias] = target;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">How it is called in what is found.</param>
    /// <param name="text">What it says.</param>
    /// <param name="globals">What other files of the project and the project itself import for it.</param>
    /// <returns>What it declares and names.</returns>
    public static SourceFile Read(string path, string text, GlobalUsings? globals = null)
    {
        var reader = new SourceReader(path, globals ?? GlobalUsings.None);
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
                Delegate();
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
            var target = string.Concat(words.Skip(Math.Max(equals + 1, isStatic ? 1 : 0)));
            if (isStatic)
            {
                _statics.Add(target);
            }
            else if (equals == 1)
            {
                _aliases[words[0]] = target;
            }

            _usings.Add((isGlobal ? "global " : string.Empty) + (isStatic || equals >= 0 ? "static " : string.Empty) + target);
        }
    }

    // The name of a delegate stands before its parameters and, where it is generic, before its type parameters.
    private void Delegate()
    {
        if (_pending is not null || _parentheses > 0 || _recent.FindIndex(static token => token.Text == "delegate") is not (>= 0 and var start) || start == _recent.Count - 1 || _recent[start + 1].Text == "*"
            || _recent.Take(start).Any(static token => token.Text is "=" or "." or "," or "=>"))
        {
            return;
        }

        var depth = 0;
        for (var i = _recent.Count - 1; i > start; i--)
        {
            depth += _recent[i].Text switch { ">" => 1, "<" => -1, _ => 0 };
            if (depth == 0 && _recent[i].IsName)
            {
                _pending = new Scope(_recent[i].Text, _recent[i], 0, IsNamespace: false);
                return;
            }
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
        if (before != "." && !char.IsUpper(token.Text[0]))
        {
            return;
        }

        if (before == ".")
        {
            if (_recent.Count >= 2 && _recent[^2] is { IsName: true } left && (char.IsUpper(left.Text[0]) || _aliases.ContainsKey(left.Text)))
            {
                // The whole of nameof(Type.Member) is one name.
                if (InNameOf)
                {
                    _names.Remove((string.Empty, left.Text, string.Empty, true));
                }

                Keep(Resolved(), token.Text, InNameOf, token);
            }

            return;
        }

        if (InNameOf && before == "(")
        {
            Keep(_aliases.GetValueOrDefault(token.Text, token.Text), string.Empty, true, token);
        }

        foreach (var target in _statics)
        {
            Keep(target, token.Text, false, token);
        }
    }

    // The names before the last dot, with what the first one of them is an alias for.
    private string Resolved()
    {
        var first = _recent.Count - 2;
        while (first >= 2 && _recent[first - 1].Text == "." && _recent[first - 2].IsName)
        {
            first -= 2;
        }

        var rest = string.Concat(_recent.Skip(first + 1).SkipLast(1).Select(static token => token.Text));
        return _aliases.GetValueOrDefault(_recent[first].Text, _recent[first].Text) + rest;
    }

    private void Keep(string left, string right, bool isNameOf, Token token)
    {
        var dot = left.LastIndexOf('.');
        var qualifier = dot < 0 ? string.Empty : left[..dot];
        left = left[(dot + 1)..];
        _names.TryAdd((qualifier, left, right, isNameOf), new DottedName(left, right, isNameOf, token.Line, token.Column) { Qualifier = qualifier });
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
