using System.Text.RegularExpressions;

namespace ModularMonolith.Cli.Modules;

/// <summary>What a new module is called, and who answers for it.</summary>
internal sealed partial class NewModule
{
    private const int LongestOwner = 60;
    private const int LongestPurpose = 200;

    // The schemas and addresses of the platform.
    private static readonly string[] OfPlatform = ["audit", "integration", "log", "platform", "public"];

    private static readonly string[] OfLanguage =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit",
        "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out",
        "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try",
        "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    // Reserved in PostgreSQL ("SQL Key Words", appendix C of its manual): a schema of this name can be used with quotation marks only.
    private static readonly string[] OfSql =
    [
        "all", "analyse", "analyze", "and", "any", "array", "asc", "asymmetric", "authorization", "binary", "both", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
        "deferrable", "desc", "distinct", "end", "except", "fetch", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "initially", "inner", "intersect", "into", "isnull", "join", "lateral",
        "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "offset", "on", "only", "or", "order", "outer", "overlaps", "placing", "primary", "references", "returning",
        "right", "select", "similar", "some", "symmetric", "table", "tablesample", "then", "to", "trailing", "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window", "with",
    ];

    // Windows has no files of these names.
    private static readonly string[] OfDevices = ["aux", "con", "nul", "prn", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"];

    /// <summary>Checks what was asked for, as far as it can be checked without looking at the repository.</summary>
    /// <param name="name">A capital letter, then letters and digits; 2 to 30 characters.</param>
    /// <param name="owner">The team: <c>team-</c> and words in lower case, joined by hyphens; at most 60 characters.</param>
    /// <param name="purpose">One line of 1 to 200 characters.</param>
    /// <exception cref="NewModuleException">Something of it cannot be; the message says what, and what can.</exception>
    public NewModule(string name, string owner, string purpose)
    {
        (Name, Owner, Purpose) = (name, owner, purpose.Trim());
        if (!NamePattern().IsMatch(name))
        {
            throw new NewModuleException($"'{name}' cannot be the name of a module. It is 2 to 30 letters and digits of ASCII and begins with a capital letter, as a namespace does: Loyalty, GiftCards.");
        }

        foreach (var (taken, what) in new[] { (OfPlatform, "a schema or an address of the platform"), (OfLanguage, "a word of C#"), (OfSql, "a word that SQL reserves"), (OfDevices, "the name of a device on Windows") })
        {
            if (taken.Contains(LowerName))
            {
                throw new NewModuleException($"'{name}' cannot be the name of a module, because {LowerName} is {what}. Choose another name.");
            }
        }

        if (owner.Length > LongestOwner || !OwnerPattern().IsMatch(owner))
        {
            throw new NewModuleException($"'{owner}' cannot be the owner of a module. It is a team, written team-growth: lower-case letters and digits in words that are joined by hyphens, at most {LongestOwner} characters.");
        }

        if (Purpose.Length is 0 or > LongestPurpose || Purpose.Any(char.IsControl))
        {
            throw new NewModuleException($"The purpose is one sentence on one line: 1 to {LongestPurpose} characters.");
        }
    }

    /// <summary>The name as folders, projects and namespaces have it.</summary>
    public string Name { get; }

    /// <summary>The name as the manifest, the schema and the addresses have it.</summary>
    public string LowerName => Name.ToLowerInvariant();

    /// <summary>The team that answers for the module.</summary>
    public string Owner { get; }

    /// <summary>One sentence: what the module is for.</summary>
    public string Purpose { get; }

    [GeneratedRegex(@"\A[A-Z][A-Za-z0-9]{1,29}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\Ateam(-[a-z0-9]+)+\z")]
    private static partial Regex OwnerPattern();
}

/// <summary>A module is not created; the message is for whoever asked for it.</summary>
internal sealed class NewModuleException(string message) : Exception(message);
