namespace ModularMonolith.Architecture.Graph;

/// <summary>What a project is for.</summary>
public enum ProjectKind
{
    /// <summary>A module's own code.</summary>
    Slice,

    /// <summary>What others may see of a module.</summary>
    Contracts,

    /// <summary>Tests, of a module or of the product.</summary>
    Tests,

    /// <summary>A part of the product outside of the modules.</summary>
    Source,

    /// <summary>An edition of a package.</summary>
    Edition,
}

/// <summary>A project file.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
/// <param name="Kind">What it is for, by its place and name.</param>
/// <param name="Module">The folder of the module that it belongs to, or null.</param>
/// <param name="AssemblyName">The simple name of what it is compiled to.</param>
/// <param name="References">The projects that it refers to; a wildcard stands as it is written.</param>
/// <param name="Packages">The packages that it refers to.</param>
/// <param name="Friends">The assemblies that <c>InternalsVisibleTo</c> items name.</param>
/// <param name="Sources">Its source files as they were read.</param>
public sealed record ProjectFacts(
    string Path, ProjectKind Kind, string? Module, string AssemblyName, IReadOnlyList<ProjectItem> References, IReadOnlyList<ProjectItem> Packages, IReadOnlyList<ProjectItem> Friends,
    IReadOnlyList<SourceFile> Sources)
{
    /// <summary>The compiled files that it refers to with <c>Reference</c>, by the assemblies' names.</summary>
    public IReadOnlyList<ProjectItem> Files { get; init; } = [];

    /// <summary>What it compiles besides the sources in its folder.</summary>
    public IReadOnlyList<ProjectItem> Compiled { get; init; } = [];

    /// <summary>The shared frameworks that it refers to.</summary>
    public IReadOnlyList<ProjectItem> Frameworks { get; init; } = [];

    /// <summary>The files of other kinds that it builds in or brings along.</summary>
    public IReadOnlyList<ProjectItem> Resources { get; init; } = [];

    /// <summary>Where versions of packages are set besides its references: a version of the folder's own, or that versions are not central.</summary>
    public IReadOnlyList<ProjectItem> Versions { get; init; } = [];

    /// <summary>The SDK that it is built with; null where it names none.</summary>
    public ProjectItem? Sdk { get; init; }

    /// <summary>The files that it imports by name.</summary>
    public IReadOnlyList<ProjectItem> Imports { get; init; } = [];

    /// <summary>The files of SQL that belong to it, built in or not. Those of a module, its tests left out, belong to the slice.</summary>
    public IReadOnlyList<ScriptFile> Scripts { get; init; } = [];

    /// <summary>The file's name without its ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folder, relative to the repository, with slashes.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');
}

/// <summary>One line of a project file, or of a file that the build adds to it.</summary>
/// <param name="Name">The project's name, the package's id or the assembly's name.</param>
/// <param name="Include">As written.</param>
/// <param name="HasVersion">Whether a package's version is set there.</param>
/// <param name="Place">Where it stands.</param>
public sealed record ProjectItem(string Name, string Include, bool HasVersion, SourceSpan Place)
{
    /// <summary>What is included, relative to the repository, with slashes and wildcards; null where it lies outside or only the build knows.</summary>
    public string? Resolved { get; init; }

    /// <summary>The file that a reference to an assembly is found in, as written; null where it names none.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether it stands in a file of the repository's own folder, and is meant for every project.</summary>
    public bool IsForAll { get; init; }

    /// <summary>What is left out of a wildcard, in the same form.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
}

/// <summary>A source file, as far as the compiled code does not tell.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="Usings">The namespaces, and behind <c>static </c> the types, that it imports; <c>global </c> in front where it imports them for the whole project.</param>
/// <param name="Declarations">The types that it declares.</param>
/// <param name="Names">Pairs of names with a dot between them that begin with capitals, each once: what constants, enumerations and <c>nameof</c> look like.</param>
public sealed record SourceFile(string Path, int Lines, IReadOnlyList<string> Usings, IReadOnlyList<Declaration> Declarations, IReadOnlyList<DottedName> Names);

/// <summary>A file of SQL.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
/// <param name="Text">What it says.</param>
public sealed record ScriptFile(string Path, string Text);

/// <summary>A type's declaration.</summary>
/// <param name="FullName">Namespace and name, nested types behind a slash, without arity.</param>
/// <param name="Span">From the name to the end of the body.</param>
public sealed record Declaration(string FullName, SourceSpan Span);

/// <summary>Two names with a dot between them, or one inside <c>nameof</c>.</summary>
/// <param name="Left">The name before the dot.</param>
/// <param name="Right">The name behind it; empty for a single name inside of <c>nameof</c>.</param>
/// <param name="IsNameOf">Whether it stands inside of <c>nameof</c>.</param>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
public sealed record DottedName(string Left, string Right, bool IsNameOf, int Line, int Column)
{
    /// <summary>What stands before the left name, with dots: a namespace or a part of it; empty where nothing does.</summary>
    public string Qualifier { get; init; } = string.Empty;
}
