using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads a compiled assembly and its symbols into facts. It is only read: nothing of it is loaded or run.</summary>
internal sealed class AssemblyReader
{
    private readonly ModuleDefinition _module;
    private readonly TypeNames _names;
    private readonly Symbols _symbols;
    private readonly SourceIndex _sources;
    private readonly Dictionary<FieldDefinition, string> _texts;

    private AssemblyReader(ModuleDefinition module, string root, SourceIndex sources)
    {
        _module = module;
        _names = new TypeNames(module);
        _symbols = new Symbols(root);
        _sources = sources;
        _texts = FieldTexts.Of(module);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The assembly; its symbols stand beside it.</param>
    /// <param name="root">The repository, whose part of the symbols' paths is left out.</param>
    /// <param name="sources">The sources, for the places that symbols do not know.</param>
    /// <returns>What it says.</returns>
    public static AssemblyFacts Read(string path, string root, IReadOnlyList<SourceFile> sources)
    {
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters(ReadingMode.Deferred) { ReadSymbols = File.Exists(Path.ChangeExtension(path, ".pdb")), InMemory = true });
        return Read(module, root, sources);
    }

    /// <summary>Reads a module that is open.</summary>
    public static AssemblyFacts Read(ModuleDefinition module, string root, IReadOnlyList<SourceFile> sources) => new AssemblyReader(module, root, new SourceIndex(sources)).Read();

    /// <summary>Reads single types of a module that is open.</summary>
    public static IReadOnlyList<TypeFacts> Read(ModuleDefinition module, string root, IReadOnlyList<SourceFile> sources, IReadOnlySet<TypeDefinition> types)
    {
        var reader = new AssemblyReader(module, root, new SourceIndex(sources));
        return [.. Written(module.Types).Where(types.Contains).Select(reader.Read)];
    }

    /// <summary>The attributes of a module's assembly.</summary>
    public static IReadOnlyList<AttributeFacts> AttributesOf(ModuleDefinition module) => Attributes.Of(module.Assembly, new TypeNames(module));

    private AssemblyFacts Read() => new(
        _module.Assembly.Name.Name,
        [.. _module.AssemblyReferences.Select(static reference => reference.Name).Order(StringComparer.Ordinal)],
        Attributes.Of(_module.Assembly, _names),
        [.. Written(_module.Types).Select(Read)]);

    private static IEnumerable<TypeDefinition> Written(IEnumerable<TypeDefinition> types) =>
        types.Where(IsWritten).SelectMany(static type => Written(type.NestedTypes).Prepend(type));

    private static bool IsWritten(TypeDefinition type) =>
        !type.Name.StartsWith('<') && (!Attributes.Has(type, "CompilerGeneratedAttribute") || type.Methods.Any(static method => method.Name == "<Main>$")) && !Attributes.Has(type, "GeneratedCodeAttribute")
        && !Attributes.Has(type, "EmbeddedAttribute");

    private TypeFacts Read(TypeDefinition type)
    {
        var name = _names.Of(type);
        var members = Members(type);
        var place = _sources.Declaration(type.FullName) ?? members.Select(static member => member.Place).FirstOrDefault(static found => found is not null);
        return new TypeFacts(
            name, KindOf(type), VisibilityOf(type), type.IsSealed || type.IsValueType, type.IsAbstract && !type.IsInterface, IsRecord(type),
            type.BaseType is { } inherited && inherited.FullName is not ("System.Object" or "System.ValueType" or "System.Enum" or "System.MulticastDelegate") ? _names.Of(inherited) : null,
            [.. type.Interfaces.Select(contract => _names.Of(contract.InterfaceType))],
            Attributes.Of(type, _names), members, place)
        {
            Constraints = Constraints(type),
        };
    }

    private IReadOnlyList<TypeName> Constraints(IGenericParameterProvider provider) => provider.HasGenericParameters
        ? [.. provider.GenericParameters.SelectMany(static parameter => parameter.Constraints).Select(constraint => _names.Of(constraint.ConstraintType))
            .Where(static name => !name.IsParameter && name.FullName != "System.ValueType")]
        : [];

    private List<MemberFacts> Members(TypeDefinition type)
    {
        var members = new List<MemberFacts>();
        var bodies = BodiesOf(type);
        foreach (var method in type.Methods)
        {
            if (IsGeneratedMember(method) || (IsDelegate(type) && method.Name is "BeginInvoke" or "EndInvoke"))
            {
                continue;
            }

            members.Add(Method(type, method, bodies.GetValueOrDefault(method) ?? []));
        }

        foreach (var field in type.Fields)
        {
            members.Add(Field(type, field));
        }

        foreach (var property in type.Properties)
        {
            if (property.Name != "EqualityContract")
            {
                members.Add(Property(type, property));
            }
        }

        return members;
    }

    // What the compiler made of lambdas, local functions, iterators and async methods stands in methods and types of its own, under names that say where it was written.
    private static Dictionary<MethodDefinition, List<MethodDefinition>> BodiesOf(TypeDefinition type)
    {
        var bodies = new Dictionary<MethodDefinition, List<MethodDefinition>>();
        var byName = type.Methods.Where(static method => !method.Name.StartsWith('<')).GroupBy(static method => ShortName(method.Name)).ToDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);
        var machines = new Dictionary<TypeDefinition, MethodDefinition>();
        foreach (var method in type.Methods)
        {
            if (!method.Name.StartsWith('<') && StateMachineOf(method) is { } machine)
            {
                machines[machine] = method;
            }
        }

        var fallback = type.Methods.FirstOrDefault(static method => method.IsConstructor && !method.IsStatic) ?? type.Methods.FirstOrDefault();
        foreach (var (method, written) in Generated(type, machines))
        {
            var owner = written as MethodDefinition ?? byName.GetValueOrDefault((string)written) ?? fallback;
            if (owner is not null)
            {
                (bodies.TryGetValue(owner, out var list) ? list : bodies[owner] = []).Add(method);
            }
        }

        return bodies;
    }

    // The name of the written member, or the member itself where the compiler says which of several it is.
    private static IEnumerable<(MethodDefinition Method, object Written)> Generated(TypeDefinition type, Dictionary<TypeDefinition, MethodDefinition> machines)
    {
        foreach (var method in type.Methods.Where(static method => method.Name.StartsWith('<') && method.Name != "<Clone>$" && method.HasBody))
        {
            yield return (method, WrittenName(method.Name));
        }

        foreach (var nested in type.NestedTypes.Where(static nested => nested.Name.StartsWith('<')))
        {
            foreach (var method in AllMethods(nested))
            {
                yield return (method, machines.GetValueOrDefault(nested) ?? (object)(nested.Name.StartsWith("<>", StringComparison.Ordinal) ? WrittenName(InnerName(method)) : WrittenName(nested.Name)));
            }
        }
    }

    // In a class of closures the method is named after the member; in a state machine of a lambda its type is.
    private static string InnerName(MethodDefinition method) => method.Name.StartsWith('<') ? method.Name : method.DeclaringType.Name;

    private static IEnumerable<MethodDefinition> AllMethods(TypeDefinition type) =>
        type.Methods.Where(static method => method.HasBody).Concat(type.NestedTypes.SelectMany(AllMethods));

    private static TypeDefinition? StateMachineOf(MethodDefinition method) =>
        method.HasCustomAttributes
            ? method.CustomAttributes.FirstOrDefault(static attribute => attribute.AttributeType.Name is "AsyncStateMachineAttribute" or "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute")
                ?.ConstructorArguments[0].Value as TypeDefinition
            : null;

    // <Handle>d__3 and <<AddRoutes>b__0_1>d were Handle and AddRoutes.
    private static string WrittenName(string name)
    {
        var rest = name.AsSpan().TrimStart('<');
        return ShortName((rest.IndexOf('>') is > 0 and var end ? rest[..end] : rest).ToString());
    }

    // An explicit implementation carries the interface in its name.
    private static string ShortName(string name) => name.StartsWith('.') ? name : name[(name.LastIndexOf('.') + 1)..];

    private static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName == "System.MulticastDelegate";

    private static bool IsGeneratedMember(MethodDefinition method) =>
        method.Name.StartsWith('<') ? method.Name != "<Main>$"
        : Attributes.Has(method, "GeneratedCodeAttribute") || (Attributes.Has(method, "CompilerGeneratedAttribute") && !method.IsGetter && !method.IsSetter)
        || (method.IsConstructor && method is { IsStatic: false, HasParameters: true } && method.Parameters.Count == 1 && method.Parameters[0].ParameterType == method.DeclaringType && IsRecord(method.DeclaringType));

    private MemberFacts Method(TypeDefinition type, MethodDefinition method, List<MethodDefinition> generated)
    {
        var uses = new List<Use>();
        var texts = new List<TextUse>();
        SourceSpan? place = null;
        foreach (var body in generated.Prepend(method).Where(static body => body.HasBody))
        {
            var reader = new MethodReader(body, _names, _symbols, _texts);
            reader.Read(uses, texts);
            place ??= reader.Place;
        }

        uses.AddRange(Constraints(method).Select(constraint => new Use(EdgeKind.TypeUse, constraint, null, [], [], place)));
        var machine = StateMachineOf(method) is not null && method.CustomAttributes.Any(static attribute => attribute.AttributeType.Name == "AsyncStateMachineAttribute");
        var flags = (method.IsStatic ? MemberFlags.Static : 0) | (method.IsAbstract ? MemberFlags.Abstract : 0) | (machine ? MemberFlags.Async : 0)
            | (method.IsVirtual && !method.IsNewSlot ? MemberFlags.Override : 0) | (IsDynamic(method.MethodReturnType) || method.Parameters.Any(IsDynamic) ? MemberFlags.Dynamic : 0)
            | (Attributes.Has(method, "CompilerGeneratedAttribute") ? MemberFlags.Generated : 0) | (!method.HasBody && !method.IsAbstract ? MemberFlags.External : 0);
        return new MemberFacts(
            method.Name, method.IsConstructor ? method.IsStatic ? MemberKind.StaticConstructor : MemberKind.Constructor : MemberKind.Method,
            VisibilityOf(method), flags, method.ReturnType.MetadataType == MetadataType.Void ? null : _names.Of(method.ReturnType),
            [.. method.Parameters.Select(parameter => new ParameterFacts(parameter.Name, _names.Of(parameter.ParameterType), Attributes.Of(parameter, _names)))],
            [.. Attributes.Of(method, _names), .. Attributes.Of(method.MethodReturnType, _names)], uses, texts, place ?? _sources.Declaration(type.FullName));
    }

    private MemberFacts Field(TypeDefinition type, FieldDefinition field)
    {
        var flags = (field.IsStatic ? MemberFlags.Static : 0) | (field.IsInitOnly ? MemberFlags.ReadOnly : 0) | (field.IsLiteral ? MemberFlags.Constant : 0)
            | (IsDynamic(field) ? MemberFlags.Dynamic : 0) | (IsGenerated(type, field) ? MemberFlags.Generated : 0);
        var place = _sources.Declaration(type.FullName);
        return new MemberFacts(
            field.Name, MemberKind.Field, field.IsPublic ? Visibility.Public : field.IsFamily || field.IsFamilyOrAssembly ? Visibility.Protected : field.IsAssembly || field.IsFamilyAndAssembly ? Visibility.Internal : Visibility.Private,
            flags, _names.Of(field.FieldType), [], Attributes.Of(field, _names), [], field is { HasConstant: true, Constant: string text } ? [new TextUse(text, place)] : [], place);
    }

    // The field behind an event is all that there is to see of it.
    private static bool IsGenerated(TypeDefinition type, FieldDefinition field) =>
        field.Name.StartsWith('<') || (Attributes.Has(field, "CompilerGeneratedAttribute") && type.Events.All(written => written.Name != field.Name));

    private MemberFacts Property(TypeDefinition type, PropertyDefinition property)
    {
        var accessor = property.GetMethod ?? property.SetMethod;
        var init = property.SetMethod?.ReturnType is RequiredModifierType { ModifierType.Name: "IsExternalInit" };
        var flags = (accessor?.IsStatic == true ? MemberFlags.Static : 0) | (init ? MemberFlags.InitOnly : 0) | (property.SetMethod is not null && !init ? MemberFlags.Settable : 0)
            | (IsDynamic(property) ? MemberFlags.Dynamic : 0) | (accessor?.IsAbstract == true ? MemberFlags.Abstract : 0)
            | (property.PropertyType.IsArray ? MemberFlags.Array : 0);
        return new MemberFacts(
            property.Name, MemberKind.Property, accessor is null ? Visibility.Private : VisibilityOf(accessor), flags, _names.Of(property.PropertyType), [], Attributes.Of(property, _names), [], [],
            _sources.Declaration(type.FullName));
    }

    private static bool IsDynamic(ICustomAttributeProvider provider) => Attributes.Has(provider, "DynamicAttribute");

    private static bool IsRecord(TypeDefinition type) => type.Methods.Any(static method => method.Name is "<Clone>$" or "PrintMembers");

    private static TypeKind KindOf(TypeDefinition type) =>
        type.IsInterface ? TypeKind.Interface : type.IsEnum ? TypeKind.Enum : type.IsValueType ? TypeKind.Struct : type.BaseType?.FullName == "System.MulticastDelegate" ? TypeKind.Delegate : TypeKind.Class;

    private static Visibility VisibilityOf(TypeDefinition type) =>
        type.IsPublic || type.IsNestedPublic ? Visibility.Public
        : type.IsNestedFamily || type.IsNestedFamilyOrAssembly ? Visibility.Protected
        : type.IsNestedPrivate ? Visibility.Private
        : Visibility.Internal;

    private static Visibility VisibilityOf(MethodDefinition method) =>
        method.IsPublic ? Visibility.Public
        : method.IsFamily || method.IsFamilyOrAssembly ? Visibility.Protected
        : method.IsAssembly || method.IsFamilyAndAssembly ? Visibility.Internal
        : Visibility.Private;
}
