namespace ModularMonolith.Architecture.Sql;

/// <summary>What kind of token it is.</summary>
internal enum SqlTokenKind
{
    /// <summary>A keyword or a name, in lower case.</summary>
    Word,

    /// <summary>A name in double quotes, without them.</summary>
    Quoted,

    /// <summary>A text in single quotes, without them and with its escapes resolved.</summary>
    Text,

    /// <summary>A text between dollar tags.</summary>
    Body,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A parameter: <c>$1</c>, <c>@name</c>, <c>:name</c>, <c>?</c>.</summary>
    Parameter,

    /// <summary>Anything else: one character, or <c>::</c> and <c>||</c>.</summary>
    Symbol,
}

/// <summary>One token of SQL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">What it says.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Content">Where its content begins: behind the opening quote.</param>
/// <param name="End">Behind its last character.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Value, int Start, int Content, int End)
{
    public bool IsWord(string word) => Kind == SqlTokenKind.Word && Value == word;

    public bool IsSymbol(string symbol) => Kind == SqlTokenKind.Symbol && Value == symbol;
}
