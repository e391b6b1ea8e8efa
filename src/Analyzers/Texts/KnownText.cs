using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>A text in code, as far as the code says it: a literal, or what is put together of literals. <see cref="TextUse.Hole"/> stands for what only the running program knows.</summary>
internal sealed class KnownText(IOperation operation)
{
    // Most texts are one literal.
    private string _only = string.Empty;
    private StringBuilder? _text;

    /// <summary>Where it is written, or put together.</summary>
    public IOperation Operation { get; } = operation;

    /// <summary>The texts that it is put together of.</summary>
    public List<KnownText> Parts { get; } = [];

    /// <summary>Whether a longer text is made of it, which is looked at instead; or it is a constant that is looked at where it is declared.</summary>
    public bool IsPart { get; set; }

    /// <summary>Whether it is a builder of strings, to which more can be added.</summary>
    public bool IsBuilder { get; set; }

    /// <summary>Whether a call runs it as SQL.</summary>
    public bool IsRun { get; set; }

    /// <summary>Whether a call shows it to people.</summary>
    public bool IsShown { get; set; }

    public string Text => _text?.ToString() ?? _only;

    /// <summary>Adds what a part says; a hole where nothing is known of it.</summary>
    public KnownText Add(KnownText? part)
    {
        if (part is null)
        {
            return Add(TextUse.Hole.ToString());
        }

        part.IsPart = true;
        Parts.Add(part);
        return Add(part.Text);
    }

    public KnownText Add(string text)
    {
        if (_text is not null)
        {
            _text.Append(text);
        }
        else if (_only.Length == 0)
        {
            _only = text;
        }
        else
        {
            _text = new StringBuilder(_only).Append(text);
        }

        return this;
    }
}

/// <summary>A call that is given texts, or the setting of a property with one.</summary>
/// <param name="Member">The method or constructor, or the property's accessor.</param>
/// <param name="Texts">Its arguments as far as they are known, null for the others; of an extension the first is what it is called on.</param>
/// <param name="Operation">The call.</param>
internal sealed record TextCall(IMethodSymbol Member, KnownText?[] Texts, IOperation Operation)
{
    /// <summary>The full name of the type that declares the member, with the number of its type parameters behind a back-tick.</summary>
    public string Type { get; } = FullName(Member.ContainingType);

    /// <summary>The member as metadata names it: <c>.ctor</c>, <c>set_CommandText</c>.</summary>
    public string Name => Member.MetadataName;

    /// <summary>The texts themselves.</summary>
    public string?[] Values => [.. Texts.Select(static text => text?.Text)];

    /// <summary>Where a text stands among the arguments; where it is written, when it is none of them.</summary>
    public SyntaxNode PlaceOf(KnownText text)
    {
        var index = Array.IndexOf(Texts, text);
        var arguments = Operation switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation created => created.Arguments,
            _ => [],
        };
        return arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == index)?.Value.Syntax ?? text.Operation.Syntax;
    }

    private static string FullName(INamedTypeSymbol type)
    {
        var name = type.MetadataName;
        for (var around = type.ContainingType; around is not null; around = around.ContainingType)
        {
            name = around.MetadataName + "/" + name;
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + name : name;
    }
}
