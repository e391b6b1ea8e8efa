namespace ModularMonolith.Architecture.Sql;

/// <summary>Tells SQL from sentences that use the same words: "Select a delivery from inventory. You …".</summary>
internal static class SqlText
{
    /// <summary>Whether a text, or a part of one that is put together elsewhere, is SQL.</summary>
    /// <param name="text">The text.</param>
    public static bool IsSql(string text)
    {
        // One word alone says nothing, whatever it is.
        if (!HasSeparator(text))
        {
            return false;
        }

        var lexer = SqlLexer.Read(text);
        var tokens = lexer.Tokens;
        var first = 0;
        while (first < tokens.Count && (tokens[first].IsSymbol("(") || tokens[first].IsSymbol(";") || (tokens[first].Kind == SqlTokenKind.Word && tokens[first].Value.Trim(Graph.TextUse.Hole).Length == 0)))
        {
            first++;
        }

        if (lexer.IsBroken || first >= tokens.Count)
        {
            return false;
        }

        var signs = Signs(tokens);
        var prose = Prose(text, tokens, tokens[first]);
        if (prose > 0 && prose >= signs)
        {
            return false;
        }

        var word = tokens[first].Kind == SqlTokenKind.Word ? tokens[first].Value : string.Empty;
        return SqlWords.Verbs.Contains(word) ? IsStatement(word, tokens, first)
            : SqlWords.Clauses.Contains(word) ? signs > 0 || tokens.Count - first <= 6
            : signs > 1 && HasQuery(tokens);
    }

    // A loop, because analyzers are compiled with this, for a framework without anything faster. The first word is short.
    private static bool HasSeparator(string text)
    {
        foreach (var character in text)
        {
            if (character is ' ' or '\t' or '\r' or '\n' or '\f' or '\v' or '"' or '\'' or '(' or ')' or ';' or '*' or ',' or '$')
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsStatement(string verb, IReadOnlyList<SqlToken> tokens, int at)
    {
        var next = at + 1 < tokens.Count ? tokens[at + 1] : default;
        return verb switch
        {
            "insert" or "merge" => next.IsWord("into"),
            "delete" => next.IsWord("from"),
            "update" => Has(tokens, at, "set"),
            "comment" => next.IsWord("on"),
            "refresh" => next.IsWord("materialized"),
            "grant" => Has(tokens, at, "to"),
            "revoke" => Has(tokens, at, "from"),
            "create" or "alter" or "drop" => next.Kind == SqlTokenKind.Word && next.Value is "or" or "temp" or "temporary" or "unlogged" or "unique" or "materialized" or "schema" or "extension" or "role" or "user"
                or "recursive" or "constraint" or "event" or "foreign" or "database" or "default" or "server" or "system" || SqlWords.Objects.Contains(next.Value ?? string.Empty),
            "with" => Has(tokens, at, "as") && HasQuery(tokens),
            "set" => next.Value is "local" or "session" or "search_path" or "role" or "schema" or "constraints",
            "copy" => Has(tokens, at, "from") || Has(tokens, at, "to"),
            "call" or "perform" => Array.Exists([.. tokens], static token => token.IsSymbol("(")),
            "truncate" => next.IsWord("table") || next.IsWord("only") || tokens.Count - at <= 4 || tokens.Any(static token => token.IsSymbol(",")),
            "table" or "lock" or "analyze" or "vacuum" or "cluster" or "reindex" => tokens.Count - at <= 4 || next.Kind == SqlTokenKind.Word && next.Value is "table" or "only" || Has(tokens, at, "mode"),
            "do" => tokens.Any(static token => token.Kind == SqlTokenKind.Body),
            "select" or "values" => true,
            _ => HasQuery(tokens),
        };
    }

    private static bool Has(IReadOnlyList<SqlToken> tokens, int from, string word)
    {
        for (var i = from; i < tokens.Count; i++)
        {
            if (tokens[i].IsWord(word))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasQuery(IReadOnlyList<SqlToken> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == SqlTokenKind.Word && tokens[i].Value is "select" or "from" or "join" or "into" or "update" or "search_path" or "nextval" or "table" or "regclass" or "schema")
            {
                return true;
            }
        }

        return false;
    }

    // What sentences do not have.
    private static int Signs(IReadOnlyList<SqlToken> tokens)
    {
        var signs = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var isSign = token.Kind switch
            {
                SqlTokenKind.Symbol => token.Value is "=" or "<" or ">" or "*" or "::" or "||" || (token.Value == ";" && i == tokens.Count - 1),
                SqlTokenKind.Parameter => token.Value != "?" || i + 1 < tokens.Count,
                SqlTokenKind.Word => (token.Value == "by" && i > 0 && tokens[i - 1].Value is "order" or "group") || (token.Value is "where" or "values" or "having" && i > 0)
                    || (token.Value is "select" && i > 0 && tokens[i - 1].IsSymbol("(")) || (token.Value is "exists" or "count" or "coalesce" or "any" && i + 1 < tokens.Count && tokens[i + 1].IsSymbol("(")),
                _ => false,
            };
            signs += isSign ? 1 : 0;
        }

        return signs;
    }

    // What statements do not have: words of sentences, a capital at the beginning alone, a full stop, an ellipsis.
    private static int Prose(string text, IReadOnlyList<SqlToken> tokens, SqlToken first)
    {
        var prose = text.Contains('…', StringComparison.Ordinal) ? 1 : 0;
        var end = text.AsSpan().TrimEnd();
        prose += end.Length > 0 && end[^1] is '.' or '!' or ':' ? 1 : 0;
        prose += first.Kind == SqlTokenKind.Word && first.End - first.Start > 1 && char.IsUpper(text[first.Start]) && char.IsLower(text[first.Start + 1]) ? 1 : 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == SqlTokenKind.Word && SqlWords.Prose.Contains(tokens[i].Value) && !(i > 0 && tokens[i - 1].IsSymbol(".")) && !(tokens[i].Value == "nothing" && i > 0 && tokens[i - 1].IsWord("do")))
            {
                prose++;
            }
            else if (tokens[i].IsSymbol(".") && tokens[i].End < text.Length && text[tokens[i].End] == ' ' && i > 0 && tokens[i - 1].End == tokens[i].Start)
            {
                prose++;
            }
        }

        return prose;
    }
}
