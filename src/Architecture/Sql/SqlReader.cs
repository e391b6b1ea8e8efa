using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Sql;

/// <summary>
/// Finds the objects of the database that a text of SQL names. It knows where PostgreSQL's grammar has names of objects and where it has columns; what stands in texts and
/// comments is left out, unless it is run or names an object itself.
/// </summary>
internal sealed partial class SqlReader
{
    private const int DeepestNesting = 4;
    private readonly IReadOnlyList<SqlToken> _tokens;
    private readonly List<SqlReference> _found;
    private readonly HashSet<string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly Stack<Level> _levels = new();
    private readonly int _offset;
    private readonly int _depth;
    private Level _level = new(null, false);
    private string _first = string.Empty;
    private string _object = string.Empty;
    private bool _hasQuery;
    private bool _isRoutine;
    private Expect _expect;
    private int _at;

    private SqlReader(IReadOnlyList<SqlToken> tokens, int offset, int depth, List<SqlReference> found)
    {
        _tokens = tokens;
        _offset = offset;
        _depth = depth;
        _found = found;
    }

    private enum Expect
    {
        Nothing,
        Relation,
        Object,
        Type,
        Schema,
    }

    /// <summary>Reads a text.</summary>
    /// <param name="sql">The text.</param>
    /// <returns>What it names; relations also where no schema is named.</returns>
    public static IReadOnlyList<SqlReference> Read(string sql)
    {
        var found = new List<SqlReference>();
        Read(SqlLexer.Read(sql).Tokens, 0, 0, found);
        return [.. found.Distinct()];
    }

    private static void Read(IReadOnlyList<SqlToken> tokens, int offset, int depth, List<SqlReference> found) => new SqlReader(tokens, offset, depth, found).Read();

    private SqlToken Token(int ahead) => _at + ahead >= 0 && _at + ahead < _tokens.Count ? _tokens[_at + ahead] : new SqlToken(SqlTokenKind.Symbol, string.Empty, 0, 0, 0);

    private void Read()
    {
        CollectAliases();
        for (; _at < _tokens.Count; _at++)
        {
            var token = _tokens[_at];
            switch (token.Kind)
            {
                case SqlTokenKind.Symbol:
                    Symbol(token.Value);
                    break;
                case SqlTokenKind.Text:
                    Literal(token);
                    break;
                case SqlTokenKind.Body:
                    Body(token);
                    break;
                case SqlTokenKind.Word when !Token(-1).IsSymbol(".") && !Token(1).IsSymbol(".") && Keyword(token.Value):
                    break;
                case SqlTokenKind.Word or SqlTokenKind.Quoted:
                    Name();
                    break;
            }
        }
    }

    // Names that statements give themselves: common table expressions and what stands behind AS, and variables with the texts that they begin with.
    private void CollectAliases()
    {
        for (var i = 1; i < _tokens.Count; i++)
        {
            if (_tokens[i].Kind == SqlTokenKind.Text && (_tokens[i - 1].IsSymbol("=") || _tokens[i - 1].IsWord("default")))
            {
                Variable(i);
            }

            if (_tokens[i].IsWord("as") && i + 1 < _tokens.Count)
            {
                var next = _tokens[i + 1];
                if (next.IsSymbol("(") || next.IsWord("materialized") || next.IsWord("not"))
                {
                    _aliases.Add(_tokens[i - 1].Value);
                }
                else if (next.Kind is SqlTokenKind.Word or SqlTokenKind.Quoted)
                {
                    _aliases.Add(next.Value);
                }
            }
        }
    }

    // name text := 'x', name constant text default 'x', name := 'x'
    private void Variable(int text)
    {
        var first = text - 1;
        while (first > 0 && !_tokens[first - 1].IsSymbol(";") && !_tokens[first - 1].IsWord("declare") && !_tokens[first - 1].IsWord("begin") && text - first < 6)
        {
            first--;
        }

        if (_tokens[first].Kind == SqlTokenKind.Word && (_tokens[text - 1].IsWord("default") || _tokens[text - 2].IsSymbol(":")))
        {
            _variables[_tokens[first].Value] = _tokens[text].Value;
        }
    }

    private void Symbol(string symbol)
    {
        switch (symbol)
        {
            case ";":
                Restart();
                break;
            case "(":
                var before = Token(-1);
                var isCall = before.Kind == SqlTokenKind.Quoted || (before.Kind == SqlTokenKind.Word && !SqlWords.Reserved.Contains(before.Value));
                _levels.Push(_level);
                var keeps = _expect is Expect.Relation or Expect.Object && !isCall;
                var column = Token(-2).IsWord("not") ? Token(-3) : Token(-2);
                _level = new Level(before.Kind == SqlTokenKind.Word ? before.Value : null, isCall)
                {
                    InFrom = keeps && _expect == Expect.Relation,
                    IsList = keeps && _expect == Expect.Object,
                    IsOfCatalogue = before.IsWord("in") && SqlWords.SchemaColumns.Contains(column.Value),
                };
                _expect = keeps ? _expect : Expect.Nothing;
                break;
            case ")":
                _level = _levels.TryPop(out var outer) ? outer : new Level(null, false);
                _expect = Expect.Nothing;
                break;
            case ",":
                _expect = _level.InFrom ? Expect.Relation : _level.IsList ? Expect.Object : Expect.Nothing;
                break;
            case "::":
                _expect = Expect.Type;
                break;
            default:
                _expect = Expect.Nothing;
                break;
        }
    }

    private void Restart()
    {
        _levels.Clear();
        _level = new Level(null, false);
        _first = string.Empty;
        _object = string.Empty;
        _hasQuery = false;
        _isRoutine = false;
        _expect = Expect.Nothing;
    }

    // A name with its qualifiers, judged by where it stands.
    private void Name()
    {
        var start = _at;
        var parts = new List<SqlToken> { _tokens[_at] };
        while (Token(1).IsSymbol(".") && Token(2) is { Kind: SqlTokenKind.Word or SqlTokenKind.Quoted } next)
        {
            parts.Add(next);
            _at += 2;
        }

        // The rest of a name that ends the text is put behind it elsewhere.
        if (parts.Count == 1 && Token(1).IsSymbol(".") && Token(2).Value.Length == 0 && Token(2).Kind == SqlTokenKind.Symbol && _expect is Expect.Relation or Expect.Object)
        {
            parts.Add(parts[0] with { Value = TextUse.Hole.ToString() });
            _at++;
        }

        var expect = _expect;
        _expect = Expect.Nothing;
        var isCall = Token(1).IsSymbol("(");
        var before = start > 0 ? _tokens[start - 1] : default;
        switch (expect)
        {
            case Expect.Schema:
                Found(null, parts[0], SqlObject.Schema);
                break;
            case Expect.Relation when isCall && !(_level.Verb is "insert" or "into" or "merge"):
                Qualified(parts, SqlObject.Function);
                break;
            case Expect.Relation or Expect.Object:
                _level.IsList |= expect == Expect.Object && _levels.Count == 0;
                Relation(parts, expect == Expect.Object ? KindOf(_object) : SqlObject.Table);
                break;
            case Expect.Type:
                Qualified(parts, SqlObject.Type);
                break;
            default:
                Expression(parts, before, isCall);
                break;
        }
    }

    private void Expression(List<SqlToken> parts, SqlToken before, bool isCall)
    {
        if (parts.Count < 2 || _aliases.Contains(parts[0].Value))
        {
            return;
        }

        var isDeclared = before.Kind == SqlTokenKind.Quoted || (before.Kind == SqlTokenKind.Word && !SqlWords.Reserved.Contains(before.Value));
        if (isCall)
        {
            Qualified(parts, SqlObject.Function);
        }
        else if (Token(1).IsSymbol("%") && Token(2).IsWord("rowtype"))
        {
            Qualified(parts, SqlObject.Table);
        }
        else if (parts.Count > 2 || (Token(1).IsSymbol(".") && Token(2).IsSymbol("*") && parts.Count == 2))
        {
            Found(parts[0].Value, parts[1], SqlObject.Table, parts[0].Start);
        }
        else if (isDeclared && !_hasQuery && (_first is "create" or "alter" or "declare" || (_first.Length == 0 && _depth > 0)))
        {
            Qualified(parts, SqlObject.Type);
        }
    }

    // Behind the name of a relation come an alias, a clause or the end; a sentence goes on with other signs.
    private void Relation(List<SqlToken> parts, SqlObject kind)
    {
        var next = Token(1);
        if (next.Kind == SqlTokenKind.Symbol && next.Value is not ("" or "," or ")" or "(" or ";" or "*" or "=" or "["))
        {
            return;
        }

        if (parts.Count > 1)
        {
            Qualified(parts, kind);
        }
        else if (!_aliases.Contains(parts[0].Value) && !next.IsSymbol("["))
        {
            Found(null, parts[0], kind);
        }
    }

    private void Qualified(List<SqlToken> parts, SqlObject kind)
    {
        if (parts.Count == 1)
        {
            return;
        }

        // database.schema.table is allowed when it is this database.
        var schema = parts.Count == 3 && kind == SqlObject.Table ? 1 : 0;
        Found(parts[schema].Value, parts[schema + 1], kind, parts[schema].Start);
    }

    private void Found(string? schema, SqlToken name, SqlObject kind, int? position = null) =>
        _found.Add(new SqlReference(schema, name.Value, kind, _offset + (position ?? name.Start)) { Defines = _first == "create" && _levels.Count == 0 && !_hasQuery && kind == SqlObject.Table });

    private static SqlObject KindOf(string word) => word switch
    {
        "function" or "procedure" or "routine" or "aggregate" or "call" => SqlObject.Function,
        "type" or "domain" or "collation" => SqlObject.Type,
        _ => SqlObject.Table,
    };

    // What stands between two parentheses, and behind which word.
    private sealed record Level(string? Call, bool IsCall)
    {
        public bool IsOfCatalogue { get; init; }

        public string Verb { get; set; } = string.Empty;

        public bool InFrom { get; set; }

        public bool IsList { get; set; }

        public bool HasQuery { get; set; }
    }
}
