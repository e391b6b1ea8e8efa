using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>Finds what a property is that nobody sets.</summary>
internal static class InitialValue
{
    /// <summary>The value that the type's constructor gives it.</summary>
    /// <param name="property">A property with a field of its own.</param>
    /// <param name="constant">How constants are written.</param>
    /// <returns>The constant; <c>initial</c> for what is computed; <c>default</c> where nothing is given.</returns>
    public static string Of(PropertyDefinition property, Func<object?, TypeReference, string> constant)
    {
        var field = $"<{property.Name}>k__BackingField";
        // The constructor by which a record is copied sets everything and says nothing.
        var store = property.DeclaringType.Methods.Where(static method => method is { IsConstructor: true, IsStatic: false, HasBody: true } && method.Parameters.All(parameter => parameter.ParameterType.FullName != method.DeclaringType.FullName)).SelectMany(static method => method.Body.Instructions)
            .FirstOrDefault(instruction => instruction is { OpCode.Code: Code.Stfld, Operand: FieldReference found } && found.Name == field);
        return store?.Previous is not { } value ? "default"
            : value is { OpCode.Code: Code.Ldsfld, Operand: FieldReference { Name: "Empty", DeclaringType.FullName: "System.String" } } ? "\"\""
            : value.Previous?.OpCode.Code == Code.Ldarg_0 && Loaded(value) is { } loaded ? constant(Convert(loaded, property.PropertyType), property.PropertyType)
            : "initial";
    }

    private static object? Loaded(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldstr or Code.Ldc_I4 or Code.Ldc_I8 or Code.Ldc_R4 or Code.Ldc_R8 => instruction.Operand,
        Code.Ldc_I4_S => (int)(sbyte)instruction.Operand,
        >= Code.Ldc_I4_0 and <= Code.Ldc_I4_8 => instruction.OpCode.Code - Code.Ldc_I4_0,
        Code.Ldc_I4_M1 => -1,
        _ => null,
    };

    private static object Convert(object value, TypeReference type) => type.FullName == "System.Boolean" && value is int flag ? flag != 0 : value;
}
