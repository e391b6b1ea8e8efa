using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>Tells reflection on a module's own types and the framework's from that on others. Types of others are known by the beginnings of their names.</summary>
internal sealed class ReflectionCheck(ModulePlace place, Compilation compilation)
{
    private readonly List<(string Assembly, string Folder)> _others =
        [.. place.Modules.Keys.Where(folder => folder != place.Folder).SelectMany(folder => new[] { (place.Prefix + folder, folder), (place.Prefix + folder + ".Contracts", folder) })];

    /// <summary>Whether a member is one of reflection's, of which it matters also when nothing is known of its arguments.</summary>
    public static bool IsReflection(INamedTypeSymbol type) => type.Name switch
    {
        "Type" or "Activator" or "AppDomain" => type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        "Assembly" or "Module" => type.ContainingNamespace is { Name: "Reflection", ContainingNamespace.Name: "System" },
        "AssemblyLoadContext" => type.ContainingNamespace is { Name: "Loader", ContainingNamespace.Name: "Runtime" },
        _ => false,
    };

    public void Check(TextMember member)
    {
        foreach (var call in member.Texts.Calls)
        {
            if (IsReflection(call.Member.ContainingType) && What(call) is { } what)
            {
                var named = Array.Find(call.Texts, static text => text is not null) is { } text ? call.PlaceOf(text) : NameCheck.NameOf(call.Operation.Syntax);
                member.Found(Rules.NoReflectionByName, named.GetLocation(), what);
            }
        }
    }

    private string? What(TextCall call)
    {
        var text = Array.Find(call.Texts, static text => text is not null)?.Text;
        switch (call.Type)
        {
            case "System.Type" when call.Name is "GetType" or "ReflectionOnlyGetType" && call.Member.Parameters.Length > 0:
            case "System.Reflection.Assembly" or "System.Reflection.Module" when call.Name == "GetType" && call.Member.Parameters.Length > 0:
                return text is not null && text.IndexOf(TextUse.Hole) < 0 ? Foreign(text) : IsOwn(call) ? null : "looks a type up by a name that only the running program knows";
            case "System.Reflection.Assembly" when call.Name is "Load" or "LoadFrom" or "LoadFile" or "LoadWithPartialName" or "UnsafeLoadFrom":
            case "System.Runtime.Loader.AssemblyLoadContext" when call.Name.StartsWith("LoadFrom", StringComparison.Ordinal):
                return $"loads the assembly {text ?? "that only the running program knows"}";
            case "System.Activator" when call.Name == "CreateInstanceFrom" || (call.Name == "CreateInstance" && text is not null):
                return $"makes an instance of {text ?? "a type that only the running program knows"} by its name";
            case "System.AppDomain" when call.Name == "GetAssemblies":
            case "System.Runtime.Loader.AssemblyLoadContext" when call.Name is "get_Assemblies" or "get_All":
                return "goes through all assemblies that are loaded";
            case "System.Reflection.Assembly" when call.Name is "GetTypes" or "GetExportedTypes" or "get_DefinedTypes" or "get_ExportedTypes":
                return IsOwn(call) ? null : "goes through the types of an assembly that is not its own";
            case "System.Type" when IsLookup(call.Name):
                return call.Operation.TypesInStatement().FirstOrDefault(type => place.OtherOwnerOf(type.ContainingAssembly?.Name) is not null) is { } foreign
                    ? $"looks {(text is null ? "members" : $"'{text}'")} of {foreign.OriginalDefinition.FullName()} up by name" : null;
            default:
                return null;
        }
    }

    // Also a type that is not there (any more) says where it was to be.
    private string? Foreign(string text)
    {
        var parts = text.Split(',');
        var assembly = parts.Length > 1 ? parts[1].Trim() : null;
        return _others.Find(other => other.Assembly == assembly || text.StartsWith(other.Assembly + ".", StringComparison.Ordinal)) is { Folder: { } folder } ? $"looks {parts[0].Trim()} of {folder} up by name" : null;
    }

    private static bool IsLookup(string member) => member is "GetMethod" or "GetMethods" or "GetField" or "GetFields" or "GetProperty" or "GetProperties" or "GetMember" or "GetMembers" or "GetConstructor" or "GetConstructors"
        or "GetNestedType" or "GetNestedTypes" or "GetEvent" or "InvokeMember";

    // typeof of an own type or of the framework's in the statement, or the assembly that runs.
    private bool IsOwn(TextCall call) => call.Operation.TypesInStatement().Any(type => type.ContainingAssembly is { } assembly
            && (SymbolEqualityComparer.Default.Equals(assembly, compilation.Assembly) || !assembly.Name.StartsWith(place.Prefix, StringComparison.Ordinal)))
        || call.Operation.Statement().DescendantsAndSelf().Any(static operation => operation is IInvocationOperation { TargetMethod.Name: "GetExecutingAssembly" });
}
