using System.Collections.Frozen;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Tells reflection on a module's own types and the framework's from that on others.</summary>
internal static class ReflectionCheck
{
    /// <summary>The types by which reflection begins.</summary>
    public static readonly FrozenSet<string> Types =
        ["System.Type", "System.Activator", "System.AppDomain", "System.Reflection.Assembly", "System.Reflection.Module", "System.Runtime.Loader.AssemblyLoadContext", "System.Reflection.RuntimeReflectionExtensions",
        "System.ComponentModel.TypeDescriptor", "System.Linq.Expressions.Expression"];

    public static IEnumerable<Finding> Find(CodeGraph graph, Dictionary<string, (string Assembly, Module Owner)> names, MemberOf member, bool reflects)
    {
        var ofType = member.Type.Attributes.Count > 0 && (member.Member.Kind == MemberKind.Constructor || IsFirst(member)) ? member.Type.Attributes : [];
        if (!reflects && member.Member.Texts.Count + member.Member.Attributes.Count + ofType.Count == 0)
        {
            yield break;
        }

        var seen = new HashSet<SourceSpan>();
        foreach (var use in reflects ? member.Member.Uses : [])
        {
            if (use.Kind == EdgeKind.Call && use.Member is not null && What(graph, names, member, use) is { } what)
            {
                if (use.Span is not null)
                {
                    seen.Add(use.Span);
                }

                yield return Placed(graph, member.Finding(use, what.What) with { To = what.To ?? Describe.Target(use.Target, use.Member) }, member, use);
            }
        }

        // A type's full name in a text is of no other use.
        foreach (var text in member.Member.Texts)
        {
            if (Named(names, member.Module, text.Text) is { } named && (text.Span is null || seen.Add(text.Span)))
            {
                yield return member.Finding($"names {named.Type} of {named.Owner.Folder} in a text", SourceLines.OfText(graph, text.Span, text.Text) ?? text.Span) with { To = named.Type };
            }
        }

        foreach (var attribute in member.Member.Attributes.Concat(ofType).Where(static attribute => attribute.Arguments.Count + attribute.Named.Count > 0).Distinct())
        {
            foreach (var argument in attribute.Arguments.Concat(attribute.Named.Select(static pair => pair.Value)).Except(attribute.Types.Select(static type => type.FullName), StringComparer.Ordinal))
            {
                if ((Named(names, member.Module, argument) ?? (argument.Contains(", ", StringComparison.Ordinal) ? Missing(names, member.Module, argument) : null)) is { } named)
                {
                    var from = member.Type.Attributes.Contains(attribute) ? member.Type.Place : SourceLines.Declaration(graph, member.Type, member.Member) ?? member.Member.Place ?? member.Type.Place;
                    yield return member.Finding($"names {named.Type} of {named.Owner.Folder} in an attribute", SourceLines.FindAbove(graph, from, argument) ?? from) with { To = named.Type };
                }
            }
        }
    }

    private static bool IsFirst(MemberOf member) => ReferenceEquals(member.Type.Members[0], member.Member);

    private static (string What, string? To)? What(CodeGraph graph, Dictionary<string, (string Assembly, Module Owner)> names, MemberOf member, Use use)
    {
        var text = use.Texts.FirstOrDefault(static text => text is not null);
        switch (use.Target.FullName)
        {
            case "System.Type" when use.Member is "GetType" or "ReflectionOnlyGetType" && use.ParameterCount > 0:
            case "System.Reflection.Assembly" or "System.Reflection.Module" when use.Member == "GetType" && use.ParameterCount > 0:
                return text is not null && !text.Contains(TextUse.Hole, StringComparison.Ordinal) ? Foreign(names, member.Module, text)
                    : IsOwn(graph, member, use) ? null
                    : ("looks a type up by a name that only the running program knows", null);
            case "System.Reflection.Assembly" when use.Member is "Load" or "LoadFrom" or "LoadFile" or "LoadWithPartialName" or "UnsafeLoadFrom":
            case "System.Runtime.Loader.AssemblyLoadContext" when use.Member!.StartsWith("LoadFrom", StringComparison.Ordinal):
                return ($"loads the assembly {text ?? "that only the running program knows"}", text);
            case "System.Activator" when use.Member == "CreateInstanceFrom" || (use.Member == "CreateInstance" && text is not null):
                return ($"makes an instance of {text ?? "a type that only the running program knows"} by its name", text);
            case "System.AppDomain" when use.Member == "GetAssemblies":
            case "System.Runtime.Loader.AssemblyLoadContext" when use.Member is "get_Assemblies" or "get_All":
                return ("goes through all assemblies that are loaded", null);
            case "System.Reflection.Assembly" when use.Member is "GetTypes" or "GetExportedTypes" or "get_DefinedTypes" or "get_ExportedTypes":
                return IsOwn(graph, member, use) ? null : ("goes through the types of an assembly that is not its own", null);
            case "System.Type" when IsLookup(use.Member!) && StartsAtAnObject(graph, member, use) is { } start:
                return ($"looks {Quoted(text)} of {start} up by name", null);
            case "System.Reflection.RuntimeReflectionExtensions" when use.Member!.StartsWith("GetRuntime", StringComparison.Ordinal) && !HasHandle(member, use):
            case "System.ComponentModel.TypeDescriptor" when use.Member is "GetProperties" or "GetEvents" && !HasHandle(member, use):
                return ($"looks {Quoted(text)} of what only the running program knows up by name", null);
            case "System.Linq.Expressions.Expression" when use.Member is "Property" or "Field" or "PropertyOrField" or "Call" && text is not null && !HasHandle(member, null):
                return ($"looks {Quoted(text)} of what only the running program knows up by name", null);
            case "System.AppDomain" when use.Member!.StartsWith("CreateInstance", StringComparison.Ordinal):
                return ($"makes an instance of {text ?? "a type that only the running program knows"} by its name", text);
            case "System.Type" when IsLookup(use.Member!):
                return ForeignType(graph, member, use) is { } foreign ? ($"looks {Quoted(text)} of {Describe.Target(foreign.Type, null)} up by name", Describe.Target(foreign.Type, null)) : null;
            default:
                return null;
        }
    }

    // At the name where it stands in the statement, else at the call.
    private static Finding Placed(CodeGraph graph, Finding finding, MemberOf member, Use use)
    {
        var texts = use.Texts.Concat(member.Member.Texts.Where(text => text.Span == use.Span).Select(static text => text.Text)).OfType<string>();
        return texts.Select(text => SourceLines.OfText(graph, use.Span, text)).FirstOrDefault(static place => place is not null) is { } place ? finding with { Span = place, Kind = null } : finding;
    }

    // x.GetType() of an object of which the code does not say what it is, or of what other modules make.
    private static string? StartsAtAnObject(CodeGraph graph, MemberOf member, Use use)
    {
        if (use.ReachesHidden || HasHandle(member, use) || member.Member.Uses.FirstOrDefault(other => other is { Member: "GetType", ParameterCount: 0 } && ModuleCode.IsSameStatement(use, other)) is not { } asked)
        {
            return null;
        }

        return asked.Target.FullName == "System.Object" || asked.Target.IsParameter ? "what only the running program knows"
            : ModuleCode.Foreign(graph, member.Module, asked.Target) is { } foreign ? Describe.Target(foreign.Type, null)
            : graph.Find(asked.Target) is { Kind: TypeKind.Interface } ? "whatever is a " + asked.Target.Name
            : null;
    }

    // typeof in the statement; without a statement in the member.
    private static bool HasHandle(MemberOf member, Use? use) =>
        member.Member.Uses.Any(other => other is { Member: "GetTypeFromHandle", Target.FullName: "System.Type" } && (use is null || ModuleCode.IsSameStatement(use, other)));

    private static string Quoted(string? name) => name is null ? "members" : $"'{name}'";

    private static bool IsLookup(string member) => member is "GetMethod" or "GetMethods" or "GetField" or "GetFields" or "GetProperty" or "GetProperties" or "GetMember" or "GetMembers" or "GetConstructor" or "GetConstructors"
        or "GetNestedType" or "GetNestedTypes" or "GetEvent" or "InvokeMember";

    private static (string What, string? To)? Foreign(Dictionary<string, (string Assembly, Module Owner)> names, Module module, string text)
    {
        if (Named(names, module, text) is { } named)
        {
            return ($"looks {named.Type} of {named.Owner.Folder} up by name", named.Type);
        }

        return Missing(names, module, text) is { } missing ? ($"looks {missing.Type} of {missing.Owner.Folder} up by name", missing.Type) : null;
    }

    // Also a type that is not there (any more), or is generic, says where it was to be.
    private static (string Type, Module Owner)? Missing(Dictionary<string, (string Assembly, Module Owner)> names, Module module, string text)
    {
        var assembly = text.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma ? text[(comma + 1)..].Split(',')[0].Trim() : null;
        return names.Values.FirstOrDefault(value => value.Owner.Folder != module.Folder && (value.Assembly == assembly || text.StartsWith(value.Assembly + ".", StringComparison.Ordinal))) is { Owner: not null } found
            ? (text.Split(',')[0], found.Owner)
            : null;
    }

    private static (string Type, Module Owner)? Named(Dictionary<string, (string Assembly, Module Owner)> names, Module module, string text)
    {
        var end = text.IndexOf(',', StringComparison.Ordinal);
        var name = end > 0 ? text[..end].TrimEnd() : text;
        return name.Length > 3 && name.Contains('.', StringComparison.Ordinal) && names.TryGetValue(name, out var found) && found.Owner.Folder != module.Folder ? (name, found.Owner) : null;
    }

    // typeof of an own type in the statement, or the assembly that runs.
    private static bool IsOwn(CodeGraph graph, MemberOf member, Use use) => member.Member.Uses.Any(other => ModuleCode.IsSameStatement(use, other)
        && ((other.Kind == EdgeKind.TypeUse && other.Target.Assembly == member.Assembly.Name) || other.Member == "GetExecutingAssembly"
            || (other.Kind == EdgeKind.TypeUse && graph.Assembly(other.Target.Assembly) is null && !other.Target.FullName.StartsWith("System.Reflection.", StringComparison.Ordinal)
                && other.Target.FullName is not ("System.Type" or "System.RuntimeTypeHandle"))));

    // In the statement itself, or elsewhere in the member when the statement has no typeof of its own.
    private static (TypeName Type, Module Owner)? ForeignType(CodeGraph graph, MemberOf member, Use use)
    {
        var handles = member.Member.Uses.Where(static other => other is { Member: "GetTypeFromHandle", Target.FullName: "System.Type" } && other.Span is not null).Select(static other => other.Span).ToHashSet();
        var isHere = use.Span is not null && handles.Contains(use.Span);
        foreach (var other in member.Member.Uses)
        {
            if (other.Kind == EdgeKind.TypeUse && (isHere ? ModuleCode.IsSameStatement(use, other) : handles.Contains(other.Span)) && ModuleCode.Foreign(graph, member.Module, other.Target) is { } foreign)
            {
                return foreign;
            }
        }

        return null;
    }
}
