namespace ModularMonolith.Architecture.Graph;

/// <summary>A stretch of a source file. Lines and columns count from 1, as editors do; the end is behind the last character.</summary>
/// <param name="File">Relative to the repository, with slashes; absolute when it lies outside.</param>
/// <param name="Line">The first line.</param>
/// <param name="Column">The first column.</param>
/// <param name="EndLine">The last line.</param>
/// <param name="EndColumn">The column behind the last character.</param>
public sealed record SourceSpan(string File, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>The form that terminals and editors open with a click: <c>file:line:column</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
