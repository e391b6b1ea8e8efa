using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads a compiled assembly and its symbols into facts. It is only read: nothing of it is loaded or run.</summary>
internal sealed partial class AssemblyReader
{
    private readonly ModuleDefinition _module;
    private readonly TypeNames _names;
    private readonly Symbols _symbols;
    private readonly SourceIndex _sources;
    private readonly FieldTexts _texts;

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
        return [.. reader.Written(module.Types).Where(types.Contains).Select(reader.Read)];
    }

    /// <summary>The attributes of a module's assembly.</summary>
    public static IReadOnlyList<AttributeFacts> AttributesOf(ModuleDefinition module) => AttributesOf(module, new TypeNames(module));

    private static IReadOnlyList<AttributeFacts> AttributesOf(ModuleDefinition module, TypeNames names) => [.. Attributes.Of(module.Assembly, names), .. Attributes.Of(module, names)];

    private AssemblyFacts Read() => new(
        _module.Assembly.Name.Name,
        [.. _module.AssemblyReferences.Select(static reference => reference.Name).Order(StringComparer.Ordinal)],
        AttributesOf(_module, _names),
        [.. Written(_module.Types).Select(Read)]);

    private IEnumerable<TypeDefinition> Written(IEnumerable<TypeDefinition> types) =>
        types.Where(IsWritten).SelectMany(type => Written(type.NestedTypes).Prepend(type));

    private TypeFacts Read(TypeDefinition type)
    {
        var name = _names.Of(type);
        var members = Members(type);
        var place = _sources.Declaration(type.FullName) ?? members.Select(static member => member.Place).FirstOrDefault(static found => found is not null);
        return new TypeFacts(
            name, KindOf(type), VisibilityOf(type), type.IsSealed || type.IsValueType, type.IsAbstract && !type.IsInterface, IsRecord(type),
            type.BaseType is { } inherited && inherited.FullName is not ("System.Object" or "System.ValueType" or "System.Enum" or "System.MulticastDelegate") ? _names.Of(inherited) : null,
            [.. type.Interfaces.Select(contract => _names.Of(contract.InterfaceType))],
            [.. Attributes.Of(type, _names), .. type.GenericParameters.SelectMany(parameter => Attributes.Of(parameter, _names))], members, place)
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
        // A generator adds to a class that somebody declared: then only what has its place in the sources was written.
        var isMixed = SaysGenerated(type) && type.Methods.Any(method => StandsInSources(method, bodies.GetValueOrDefault(method) ?? []) == false);
        foreach (var method in type.Methods)
        {
            var stands = isMixed || SaysGenerated(method) ? StandsInSources(method, bodies.GetValueOrDefault(method) ?? []) : null;
            if (IsGeneratedMember(method, stands == true) || (isMixed && stands == false) || (IsDelegate(type) && method.Name is "BeginInvoke" or "EndInvoke"))
            {
                continue;
            }

            members.Add(Method(type, method, bodies.GetValueOrDefault(method) ?? []));
        }

        foreach (var field in isMixed ? [] : type.Fields)
        {
            members.Add(Field(type, field));
        }

        foreach (var written in type.Events.Where(written => type.Fields.All(field => field.Name != written.Name)))
        {
            members.Add(Event(type, written));
        }

        foreach (var property in type.Properties)
        {
            if (property.Name != "EqualityContract" && !(isMixed && property.GetMethod is { } getter && StandsInSources(getter, []) == false))
            {
                members.Add(Property(type, property));
            }
        }

        return members;
    }

    private static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName == "System.MulticastDelegate";

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

        foreach (var parameter in method.Parameters)
        {
            if (parameter is { HasConstant: true, Constant: string preset })
            {
                texts.Add(new TextUse(preset, place));
            }
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
            [.. Attributes.Of(method, _names), .. Attributes.Of(method.MethodReturnType, _names), .. method.GenericParameters.SelectMany(parameter => Attributes.Of(parameter, _names)),
                .. generated.SelectMany(OfLambda)], uses, texts, place ?? _sources.Declaration(type.FullName));
    }

    // What stands on a lambda or a local function and its parameters; what the compiler and the framework put there says nothing.
    private IEnumerable<AttributeFacts> OfLambda(MethodDefinition method) =>
        method.Parameters.Cast<ICustomAttributeProvider>().Prepend(method.MethodReturnType).Prepend(method).Where(static provider => provider.HasCustomAttributes)
            .SelectMany(provider => Attributes.Of(provider, _names))
            .Where(static attribute => attribute.Types.Count > 0 && attribute.Type.Name is not ("AsyncStateMachineAttribute" or "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute"));

    // An event of an interface, or one with accessors of its own; the field behind any other says the same.
    private MemberFacts Event(TypeDefinition type, EventDefinition written)
    {
        var accessor = written.AddMethod ?? written.RemoveMethod;
        var flags = (accessor?.IsStatic == true ? MemberFlags.Static : 0) | (accessor?.IsAbstract == true ? MemberFlags.Abstract : 0);
        return new MemberFacts(
            written.Name, MemberKind.Property, accessor is null ? Visibility.Private : VisibilityOf(accessor), flags, _names.Of(written.EventType), [], Attributes.Of(written, _names), [], [],
            _sources.Declaration(type.FullName));
    }

    private MemberFacts Field(TypeDefinition type, FieldDefinition field)
    {
        var flags = (field.IsStatic ? MemberFlags.Static : 0) | (field.IsInitOnly ? MemberFlags.ReadOnly : 0) | (field.IsLiteral ? MemberFlags.Constant : 0)
            | (IsDynamic(field) ? MemberFlags.Dynamic : 0) | (IsGenerated(type, field) ? MemberFlags.Generated : 0);
        var place = _sources.Declaration(type.FullName);
        return new MemberFacts(
            field.Name, MemberKind.Field, field.IsPublic ? Visibility.Public : field.IsFamily || field.IsFamilyOrAssembly ? Visibility.Protected : field.IsAssembly || field.IsFamilyAndAssembly ? Visibility.Internal : Visibility.Private,
            flags, _names.Of(field.FieldType), [], type.Events.FirstOrDefault(written => written.Name == field.Name) is { } behind ? [.. Attributes.Of(field, _names), .. Attributes.Of(behind, _names)] : Attributes.Of(field, _names), [], field is { HasConstant: true, Constant: string text } ? [new TextUse(text, place)] : [], place);
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
