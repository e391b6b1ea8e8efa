using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>Writes members as C# does.</summary>
internal static class MemberText
{
    /// <summary>A positional parameter.</summary>
    public static SurfaceParameter Parameter(ParameterDefinition parameter)
    {
        var method = (MethodDefinition)parameter.Method;
        var type = parameter.ParameterType is IModifierType modified ? modified.ElementType : parameter.ParameterType;
        var passed = type is ByReferenceType ? parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref " : string.Empty;
        var many = parameter.CustomAttributes.Any(static found => found.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute") ? "params " : string.Empty;
        return new SurfaceParameter(
            many + passed + TypeText.Of(parameter.ParameterType, parameter, method),
            parameter.Name,
            ConstantText.TryGetDefault(parameter, out var value) ? Constant(value, parameter.ParameterType, method.Module) : null);
    }

    /// <summary>A method or a constructor.</summary>
    public static string Method(MethodDefinition method)
    {
        var type = method.DeclaringType;
        var modifiers = method.IsStatic ? "static " : type.IsInterface ? string.Empty : method.IsAbstract ? "abstract "
            : method is { IsVirtual: true, IsNewSlot: false } ? "override " : method is { IsVirtual: true, IsFinal: false } && !type.IsSealed ? "virtual " : string.Empty;
        var generic = method.HasGenericParameters ? $"<{string.Join(", ", method.GenericParameters.Select(static parameter => parameter.Name))}>" : string.Empty;
        var parameters = string.Join(", ", method.Parameters.Select(Parameter));
        return AttributeText.Before(method) + Visibility(method) + (method.IsConstructor
            ? $"{type.Name.Split('`')[0]}({parameters})"
            : $"{modifiers}{TypeText.Of(method.ReturnType, method.MethodReturnType, method)} {method.Name}{generic}({parameters}){(ConstraintText.Of(method, method) is { Length: > 0 } constraints ? " where " + constraints : string.Empty)}");
    }

    /// <summary>A property.</summary>
    public static string Property(PropertyDefinition property)
    {
        var type = property.DeclaringType;
        var first = property.GetMethod ?? property.SetMethod;
        var required = property.CustomAttributes.Any(static found => found.AttributeType.Name == "RequiredMemberAttribute") ? "required " : string.Empty;
        var modifiers = first.IsStatic ? "static " : type.IsInterface ? string.Empty : first.IsAbstract ? "abstract " : string.Empty;
        var name = property.HasParameters ? $"this[{string.Join(", ", property.Parameters.Select(Parameter))}]" : property.Name;
        var get = IsVisible(property.GetMethod) ? "get; " : string.Empty;
        var set = IsVisible(property.SetMethod) ? property.SetMethod.ReturnType is RequiredModifierType ? "init; " : "set; " : string.Empty;
        var hidden = property.SetMethod is { IsPublic: false } && first.IsPublic && set.Length > 0 ? "protected " : string.Empty;
        return $"{AttributeText.Before(property)}{Visibility(first)}{modifiers}{required}{TypeText.Of(property.PropertyType, property, property)} {name} {{ {get}{hidden}{set}}}";
    }

    /// <summary>A field or a constant.</summary>
    public static string Field(FieldDefinition field)
    {
        var modifiers = field.HasConstant ? "const " : (field.IsStatic ? "static " : string.Empty) + (field.IsInitOnly ? "readonly " : string.Empty);
        var value = field.HasConstant ? " = " + Constant(field.Constant, field.FieldType, field.Module) : string.Empty;
        return $"{AttributeText.Before(field)}{(field.IsPublic ? "public " : "protected ")}{modifiers}{TypeText.Of(field.FieldType, field, field)} {field.Name}{value}";
    }

    /// <summary>An event of a class.</summary>
    public static string Event(EventDefinition found) => $"{Visibility(found.AddMethod)}event {TypeText.Of(found.EventType, found, found)} {found.Name}";

    private static string Visibility(MethodDefinition method) => method.DeclaringType.IsInterface ? string.Empty : method.IsPublic ? "public " : "protected ";

    private static bool IsVisible(MethodDefinition? accessor) => accessor is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Constant(object? value, TypeReference type, ModuleDefinition module) =>
        ConstantText.Of(value, type, (enumeration, name) => TypeText.NameOf(enumeration, module.Assembly.Name.Name) + "." + name);
}
