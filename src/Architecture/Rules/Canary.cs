using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>A copy of a module's compiled code and project files that a rule breaks itself in, to show that it bites. What is changed is read again as any compiled code is.</summary>
public sealed class Canary
{
    private const string Space = "Canaries";

    internal Canary(RuleContext context, Module module, ModuleDefinition slice, ModuleDefinition contracts)
    {
        Context = context;
        Module = module;
        Slice = slice;
        Contracts = contracts;
        SliceProject = module.Project(ProjectKind.Slice)!;
        ContractsProject = module.Project(ProjectKind.Contracts)!;
    }

    /// <summary>The code base as it is.</summary>
    public RuleContext Context { get; }

    /// <summary>The module as it is.</summary>
    public Module Module { get; }

    /// <summary>The slice's code, to be changed.</summary>
    public ModuleDefinition Slice { get; }

    /// <summary>The Contracts' code, to be changed.</summary>
    public ModuleDefinition Contracts { get; }

    /// <summary>The slice's project, to be changed.</summary>
    public ProjectFacts SliceProject { get; set; }

    /// <summary>The Contracts' project, to be changed.</summary>
    public ProjectFacts ContractsProject { get; set; }

    /// <summary>Another module of the repository, to be leant on without permission.</summary>
    /// <exception cref="ArchitectureException">There is no other.</exception>
    public Module Other => Context.Graph.Modules.FirstOrDefault(other => other.Folder != Module.Folder && other is { Slice: not null, Contracts.Types.Count: > 0 })
        ?? throw new ArchitectureException("There is only one module, and nobody to reach across to.");

    /// <summary>A new class in the slice, in a namespace of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="module">Where; the slice unless given.</param>
    /// <returns>The class: internal and sealed.</returns>
    public TypeDefinition Class(string name, ModuleDefinition? module = null)
    {
        module ??= Slice;
        var type = new TypeDefinition($"{module.Assembly.Name.Name}.{Space}", name, TypeAttributes.NotPublic | TypeAttributes.Sealed | TypeAttributes.Class, module.TypeSystem.Object);
        module.Types.Add(type);
        return type;
    }

    /// <summary>A method of a new class, whose code is written by the caller and ended with a return.</summary>
    /// <param name="name">The class's name.</param>
    /// <param name="write">Writes the instructions; what is left on the stack does not matter, because the code is never run.</param>
    /// <param name="module">Where; the slice unless given.</param>
    public void Code(string name, Action<ModuleDefinition, ILProcessor> write, ModuleDefinition? module = null)
    {
        module ??= Slice;
        var method = new MethodDefinition("Run", MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Void);
        Class(name, module).Methods.Add(method);
        var code = method.Body.GetILProcessor();
        write(module, code);
        code.Emit(OpCodes.Ret);
    }

    /// <summary>A reference to a type that need not be loaded.</summary>
    /// <param name="module">Where it is used.</param>
    /// <param name="assembly">The assembly's simple name.</param>
    /// <param name="fullName">The type's full name.</param>
    /// <returns>The reference.</returns>
    public static TypeReference Type(ModuleDefinition module, string assembly, string fullName)
    {
        var scope = module.AssemblyReferences.FirstOrDefault(reference => reference.Name == assembly);
        if (scope is null)
        {
            scope = new AssemblyNameReference(assembly, new Version(1, 0, 0, 0));
            module.AssemblyReferences.Add(scope);
        }

        var parts = fullName.Split('/');
        TypeReference? type = null;
        foreach (var part in parts)
        {
            type = type is null
                ? new TypeReference(TypeName.NamespaceOf(part), part[(part.LastIndexOf('.') + 1)..], module, scope)
                : new TypeReference(string.Empty, part, module, scope) { DeclaringType = type };
        }

        return type!;
    }

    /// <summary>A reference to a static or instance method without knowing its assembly.</summary>
    public static MethodReference Method(ModuleDefinition module, TypeReference type, string name, bool isStatic, params TypeReference[] parameters)
    {
        var method = new MethodReference(name, module.TypeSystem.Void, type) { HasThis = !isStatic };
        foreach (var parameter in parameters)
        {
            method.Parameters.Add(new ParameterDefinition(parameter));
        }

        return method;
    }
}
