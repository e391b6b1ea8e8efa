using System.Reflection;
using System.Runtime.CompilerServices;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Tests;

/// <summary>An assembly as reflection sees it and as the compiler wrote it, with the places of its code in the sources.</summary>
internal sealed class CompiledAssembly
{
    private readonly ModuleDefinition _module;
    private readonly string _root;

    private CompiledAssembly(Assembly assembly, ModuleDefinition module, string root)
    {
        Assembly = assembly;
        _module = module;
        _root = root;
        Types = [.. assembly.GetTypes().Where(type => !IsGenerated(type))];
        Code = [.. Instructions()];
    }

    public Assembly Assembly { get; }

    public string Name => Assembly.GetName().Name!;

    /// <summary>The types that a person wrote.</summary>
    public IReadOnlyList<Type> Types { get; }

    /// <summary>The compiled instructions of the members that a person wrote.</summary>
    public IReadOnlyList<CodeLine> Code { get; }

    /// <summary>The assemblies of this product whose types the code uses. An unused project reference is not among them.</summary>
    public IEnumerable<string> UsedAssemblies => Assembly.GetReferencedAssemblies().Select(name => name.Name!)
        .Where(name => name.StartsWith("ModularMonolith.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static CompiledAssembly Load(string name, string root)
    {
        var assembly = Assembly.Load(name);
        var symbols = File.Exists(Path.ChangeExtension(assembly.Location, ".pdb"));
        return new CompiledAssembly(assembly, ModuleDefinition.ReadModule(assembly.Location, new ReaderParameters { ReadSymbols = symbols, InMemory = true }), root);
    }

    /// <summary>The source file of a type, relative to the root; null when it is of another assembly, has no code of its own or no symbols.</summary>
    public string? FileOf(Type type)
    {
        if (type.Assembly != Assembly)
        {
            return null;
        }

        var definition = _module.GetType((type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '/'));
        return definition.Methods.SelectMany(method => method.DebugInformation.SequencePoints).Select(point => Relative(point.Document.Url)).FirstOrDefault();
    }

    private static bool IsGenerated(Type type)
    {
        for (var current = type; current is not null; current = current.DeclaringType)
        {
            if (current.Name.Contains('<', StringComparison.Ordinal) || current.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                || current.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
                || current.Namespace?.StartsWith("ModularMonolith", StringComparison.Ordinal) != true)
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<CodeLine> Instructions() =>
        from type in _module.GetTypes()
        let owner = Outermost(type)
        where owner.Namespace.StartsWith("ModularMonolith", StringComparison.Ordinal) && !owner.Name.Contains('<', StringComparison.Ordinal)
        from method in type.Methods
        where method.HasBody && method.CustomAttributes.All(attribute => attribute.AttributeType.Name != nameof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        from instruction in method.Body.Instructions
        select new CodeLine(owner, method, instruction, this);

    internal string? Locate(MethodDefinition method, Instruction instruction) =>
        method.DebugInformation.SequencePoints.LastOrDefault(point => point.Offset <= instruction.Offset && !point.IsHidden) is { } point
            ? $"{Relative(point.Document.Url)}:{point.StartLine}"
            : null;

    private string Relative(string url) => (url.StartsWith(_root, StringComparison.Ordinal) ? url[(_root.Length + 1)..] : url).Replace('\\', '/');

    // What the compiler makes of lambdas, iterators and async methods belongs to the type around it.
    private static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type;
    }
}

/// <summary>One compiled instruction.</summary>
internal sealed record CodeLine(TypeDefinition Owner, MethodDefinition Method, Instruction Instruction, CompiledAssembly Assembly)
{
    /// <summary>Type and member as the source names them.</summary>
    public string Where => Owner.Name + "." + (Inner(Method.DeclaringType.Name) ?? Inner(Method.Name) ?? Method.Name);

    public string? Location => Assembly.Locate(Method, Instruction);

    // <Handle>d__3 and <AddRoutes>b__0_1 were Handle and AddRoutes.
    private static string? Inner(string name) => name.TrimStart('<') is var rest && rest.Length < name.Length && rest.IndexOf('>', StringComparison.Ordinal) is > 0 and var end ? rest[..end] : null;
}
