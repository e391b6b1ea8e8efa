namespace ModularMonolith.Architecture.Sql;

/// <summary>What keywords say of the names behind them.</summary>
internal sealed partial class SqlReader
{
    // Whether the word is a keyword here; else it is a name.
    private bool Keyword(string word)
    {
        if (_first.Length == 0 && SqlWords.Verbs.Contains(word))
        {
            _first = word;
            _object = word is "truncate" or "lock" or "copy" or "call" ? word : string.Empty;
        }

        if (Query(word) || Definition(word))
        {
            return true;
        }

        if (_expect != Expect.Nothing && (SqlWords.Modifiers.Contains(word) || (word == "table" && _expect is Expect.Object)))
        {
            return true;
        }

        if (SqlWords.Reserved.Contains(word))
        {
            _expect = Expect.Nothing;
            _level.InFrom &= word is not ("where" or "group" or "order" or "having" or "limit" or "offset" or "window" or "union" or "except" or "intersect" or "for" or "returning" or "set");
            return true;
        }

        return false;
    }

    private bool Query(string word)
    {
        switch (word)
        {
            case "select" or "values":
                _level.HasQuery = true;
                _level.Verb = word;
                _level.InFrom = false;
                _level.IsList = false;
                _hasQuery |= word == "select" && _first is not ("grant" or "revoke");
                _expect = Expect.Nothing;
                return true;
            case "insert" or "merge" or "delete":
                _level.Verb = word;
                _level.HasQuery = true;
                _expect = Expect.Nothing;
                return true;
            case "from":
                From();
                return true;
            case "join":
                _level.InFrom = true;
                _expect = Expect.Relation;
                return true;
            case "into":
                _level.Verb = _level.Verb is "insert" or "merge" ? _level.Verb : "into";
                _expect = Expect.Relation;
                return true;
            case "update":
                var before = Token(-1);
                var isClause = before.Kind == SqlTokenKind.Word && before.Value is "do" or "for" or "key" or "on" or "or" or "before" or "after" or "of" or "instead" or "," or "then" or "grant";
                _level.Verb = isClause ? _level.Verb : word;
                _expect = isClause || _first is "grant" or "revoke" ? Expect.Nothing : Expect.Relation;
                return true;
            case "using" when _level.Verb is "delete" or "merge" && !Token(1).IsSymbol("("):
                _level.InFrom = true;
                _expect = Expect.Relation;
                return true;
            case "call":
                _expect = _at == 0 || Token(-1).IsSymbol(";") || Token(-1).Kind == SqlTokenKind.Word ? Expect.Object : Expect.Nothing;
                _object = word;
                return true;
            default:
                return false;
        }
    }

    // "is distinct from x.y", "extract(epoch from x.y)" and "trim(both from x.y)" name columns, "revoke … from" a role.
    private void From()
    {
        var isComparison = Token(-1).IsWord("distinct") && Token(-2) is { Kind: SqlTokenKind.Word, Value: "is" or "not" };
        var isArgument = _level.IsCall && !_level.HasQuery;
        var isRelation = !isComparison && !isArgument && !(_levels.Count == 0 && _first is "revoke" or "copy" or "set");
        _level.InFrom |= isRelation;
        _expect = isRelation ? Expect.Relation : Expect.Nothing;
    }

    private bool Definition(string word)
    {
        switch (word)
        {
            case "table" when _at == 0 || Token(-1).Value is ";" or "(" or "union" or "all":
            case "truncate" or "lock" or "copy" when _first == word && _expect == Expect.Nothing:
                _object = word;
                _expect = Expect.Object;
                return true;
            case "analyze" or "vacuum" or "cluster" when _first == word && Token(1).Kind is SqlTokenKind.Word or SqlTokenKind.Quoted:
                _object = "table";
                _expect = Expect.Object;
                return true;
            case "schema":
                Schema();
                return true;
            case "search_path":
                SearchPath();
                return true;
            case "execute" when !(Token(1).IsWord("function") || Token(1).IsWord("procedure")) && Token(-1).Value != "grant":
                Dynamic();
                return true;
            case "as":
                _expect = _level.Call == "cast" ? Expect.Type : Expect.Nothing;
                return true;
            case "references" or "inherits" or "setof":
            case "of" when Token(-1).IsWord("partition"):
            case "partition" when Token(-1).Value is "attach" or "detach":
            case "like" when _first == "create" && !_hasQuery && _levels.Count == 1 && Token(-1).Value is "(" or ",":
            case "on" when SqlWords.Definitions.Contains(_first) && !_hasQuery && _levels.Count == 0 && _first != "alter":
                _object = word is "setof" ? "type" : "table";
                _expect = Expect.Object;
                return true;
            case "returns" or "type" when _first is "create" or "alter" && !_hasQuery && _levels.Count == 0 && Token(1).Value is not ("table" or "setof" or "trigger" or "as"):
                _object = "type";
                _expect = Expect.Object;
                return true;
            case "collate":
                _expect = Expect.Type;
                return true;
            case "column" when _first is "comment":
                _object = "column";
                _expect = Expect.Nothing;
                return true;
            default:
                return SqlWords.Objects.Contains(word) && IsObject(word);
        }
    }

    private bool IsObject(string word)
    {
        var isDefinition = SqlWords.Definitions.Contains(_first) && _levels.Count == 0 && !_hasQuery;
        var isExecuted = Token(-1).IsWord("execute");
        if (!isDefinition && !isExecuted)
        {
            return false;
        }

        _object = word;
        _isRoutine |= _first == "create" && word is "function" or "procedure" && isDefinition;
        _expect = Expect.Object;
        return true;
    }

    private void Schema()
    {
        if (_first is "create" or "alter" or "drop" or "grant" or "revoke" or "comment" or "import" or "set" or "refresh")
        {
            if (Token(1) is { Kind: SqlTokenKind.Text } name)
            {
                Found(null, name with { Start = name.Content }, SqlObject.Schema);
            }

            _expect = Expect.Schema;
        }
    }

    // SET search_path TO a, 'b'; as an option of a function the list ends with the next option.
    private void SearchPath()
    {
        if (!(Token(1).IsSymbol("=") || Token(1).IsWord("to")))
        {
            return;
        }

        _at += 2;
        while (Token(0).Kind is SqlTokenKind.Word or SqlTokenKind.Quoted or SqlTokenKind.Text)
        {
            Path(Token(0));
            if (!Token(1).IsSymbol(","))
            {
                break;
            }

            _at += 2;
        }

        _expect = Expect.Nothing;
    }

    private void Path(SqlToken token)
    {
        foreach (var part in token.Value.Split(','))
        {
            Found(null, token with { Value = part.Trim().Trim('"') }, SqlObject.Schema);
        }
    }
}
