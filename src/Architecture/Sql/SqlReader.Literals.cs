using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Sql;

/// <summary>Texts inside of SQL: most say nothing, some are code or names of objects.</summary>
internal sealed partial class SqlReader
{
    private void Literal(SqlToken token)
    {
        var before = Token(-1);
        var function = _level.Call;
        var isRegistered = (Token(1).IsSymbol("::") && Token(2).Value.StartsWith("reg", StringComparison.Ordinal))
            || (before.Kind == SqlTokenKind.Word && before.Value.StartsWith("reg", StringComparison.Ordinal) && before.Value.Length > 5)
            || (_level.Call == "cast" && Token(1).IsWord("as") && Token(2).Value.StartsWith("reg", StringComparison.Ordinal));
        if (isRegistered || (function is not null && SqlWords.Naming.Contains(function)))
        {
            Named(token, isRegistered && (Token(2).Value == "regnamespace" || before.Value == "regnamespace"));
        }
        else if ((function is not null && SqlWords.SchemaNaming.Contains(function)) || IsOfCatalogue())
        {
            Found(null, token with { Start = token.Content }, SqlObject.Schema);
        }
        else if (function == "set_config" && before.IsSymbol(",") && Token(-2).Value == "search_path")
        {
            Path(token with { Start = token.Content });
        }
        else if ((function is not null && SqlWords.Running.Contains(function)) || (_isRoutine && before.IsWord("as") && !_hasQuery))
        {
            Inside(token);
        }

        _expect = Expect.Nothing;
    }

    // Bodies of functions and of DO are code; any other text between dollar tags is a text.
    private void Body(SqlToken token)
    {
        if (_first is "create" or "do" || (_level.Call is { } function && SqlWords.Running.Contains(function)))
        {
            Inside(token);
        }
        else
        {
            Literal(token);
        }
    }

    private void Inside(SqlToken token)
    {
        if (_depth < DeepestNesting)
        {
            Read(SqlLexer.Read(token.Value).Tokens, _offset + token.Content, _depth + 1, _found);
        }
    }

    // table_schema = 'x', and nspname in ('x', 'y').
    private bool IsOfCatalogue() =>
        (Token(-1).IsSymbol("=") && SqlWords.SchemaColumns.Contains(Token(-2).Value)) || (Token(1).IsSymbol("=") && SqlWords.SchemaColumns.Contains(Token(2).Value))
        || _level.IsOfCatalogue;

    private void Named(SqlToken token, bool isSchema)
    {
        var parts = SqlLexer.Read(token.Value).Tokens;
        if (isSchema && parts.Count > 0)
        {
            Found(null, parts[0] with { Start = token.Content }, SqlObject.Schema);
        }
        else if (parts.Count >= 3 && parts[1].IsSymbol("."))
        {
            Found(parts[0].Value, parts[2], SqlObject.Table, token.Content);
        }
        else if (parts.Count == 1 && parts[0].Kind is SqlTokenKind.Word or SqlTokenKind.Quoted)
        {
            Found(null, parts[0] with { Start = token.Content }, SqlObject.Table);
        }
    }

    // EXECUTE runs a text: one literal, or several put together. format() fills names in.
    private void Dynamic()
    {
        var start = Token(1);
        var text = new StringBuilder();
        var depth = 0;
        for (; Token(1) is { Value.Length: > 0 } or { Kind: SqlTokenKind.Text or SqlTokenKind.Body }; _at++)
        {
            var next = Token(1);
            if (depth == 0 && (next.IsSymbol(";") || next.IsWord("using") || next.IsWord("into") || next.IsWord("loop")))
            {
                break;
            }

            depth += next.IsSymbol("(") ? 1 : next.IsSymbol(")") ? -1 : 0;
            if (next.IsWord("format") && Token(2).IsSymbol("("))
            {
                _at += 2;
                text.Append(Format());
            }
            else if (next.Kind is SqlTokenKind.Text or SqlTokenKind.Body)
            {
                text.Append(next.Value);
            }
            else if (next.Kind is SqlTokenKind.Word or SqlTokenKind.Parameter && !Token(2).IsSymbol("(") && text.Length > 0)
            {
                text.Append(_variables.TryGetValue(next.Value, out var known) ? known : TextUse.Hole.ToString());
            }
        }

        if (_depth < DeepestNesting && text.Length > 0)
        {
            var inner = new List<SqlReference>();
            Read(SqlLexer.Read(text.ToString()).Tokens, 0, _depth + 1, inner);
            _found.AddRange(inner.Select(reference => reference with { Position = _offset + start.Start }));
        }

        _expect = Expect.Nothing;
    }

    // The next token is format's first argument; stops before its closing parenthesis.
    private string Format()
    {
        var template = Token(1).Kind is SqlTokenKind.Text or SqlTokenKind.Body ? Token(1).Value : TextUse.Hole.ToString();
        var arguments = new List<string>();
        var depth = 0;
        for (_at++; Token(1).Value.Length > 0 && !(depth == 0 && Token(1).IsSymbol(")")); _at++)
        {
            depth += Token(1).IsSymbol("(") ? 1 : Token(1).IsSymbol(")") ? -1 : 0;
            if (depth == 0 && Token(1).IsSymbol(","))
            {
                arguments.Add(Token(3).Value is not ("," or ")") ? TextUse.Hole.ToString() : Token(2).Kind == SqlTokenKind.Text ? Token(2).Value : _variables.TryGetValue(Token(2).Value, out var known) ? known : TextUse.Hole.ToString());
            }
        }

        var filled = new StringBuilder();
        var next = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '%' && i + 1 < template.Length && template[i + 1] is 'I' or 's' or 'L')
            {
                var argument = next < arguments.Count ? arguments[next] : TextUse.Hole.ToString();
                filled.Append(template[i + 1] == 'L' ? $"'{argument}'" : argument);
                next++;
                i++;
            }
            else if (template[i] == '%' && i + 3 < template.Length && char.IsAsciiDigit(template[i + 1]) && template[i + 2] == '$')
            {
                filled.Append(template[i + 1] - '1' < arguments.Count && template[i + 1] > '0' ? arguments[template[i + 1] - '1'] : TextUse.Hole.ToString());
                i += 3;
            }
            else
            {
                filled.Append(template[i]);
            }
        }

        return filled.ToString();
    }
}
