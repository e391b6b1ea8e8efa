using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Marten.Internal;

/// <summary>Makes a class for each store marker: it derives from DocumentStore and adds the marker, nothing else.</summary>
internal static class StoreImplementation
{
    /// <summary>The name that an assembly with internal markers names in InternalsVisibleTo.</summary>
    public const string AssemblyName = "Marten.DynamicStores";

    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName(AssemblyName), AssemblyBuilderAccess.Run)
        .DefineDynamicModule(AssemblyName);

    private static readonly ConcurrentDictionary<Type, Lazy<Type>> Implementations = new();
    private static readonly Lock Gate = new();

    public static T Create<T>(StoreOptions options) where T : class, IDocumentStore
    {
        var implementation = Implementations.GetOrAdd(typeof(T), static marker => new Lazy<Type>(() => Define(marker))).Value;
        return (T)Activator.CreateInstance(implementation, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DoNotWrapExceptions, null, [options], null)!;
    }

    private static Type Define(Type marker)
    {
        if (!marker.IsInterface)
            throw new ArgumentException($"{marker.FullName} marks a document store and must be an interface.", nameof(marker));
        try
        {
            lock (Gate)
                return Emit(marker);
        }
        catch (TypeLoadException exception)
        {
            throw new InvalidOperationException(
                $"No store can be made for {marker.FullName}. An internal marker needs [assembly: InternalsVisibleTo(\"{AssemblyName}\")] in its assembly, and a marker may not declare members.", exception);
        }
    }

    private static Type Emit(Type marker)
    {
        var type = Module.DefineType($"{AssemblyName}.{marker.Name}Implementation", TypeAttributes.Class | TypeAttributes.Public, typeof(DocumentStore), [marker]);
        var parameters = new[] { typeof(StoreOptions) };
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, typeof(DocumentStore).GetConstructor(parameters)!);
        code.Emit(OpCodes.Ret);
        return type.CreateType();
    }
}
