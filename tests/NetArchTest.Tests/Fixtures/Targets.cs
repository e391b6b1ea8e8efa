namespace ModularMonolith.NetArchTest.Tests.Fixtures.Targets
{
    public class Target
    {
        public const int Constant = 42;
        public static object? Shared;

        public static void Call()
        {
        }

        public class Inner;
    }

    public interface ITarget;

    public struct TargetStructure;

    public enum TargetKind
    {
        One = 1
    }

    public delegate void TargetHandler();

    [AttributeUsage(AttributeTargets.All)]
    public sealed class TargetMarkerAttribute : Attribute;

    public class TargetException : Exception;
}

namespace ModularMonolith.NetArchTest.Tests.Fixtures.TargetsOther
{
    public class Decoy;
}

namespace ModularMonolith.NetArchTest.Tests.Fixtures.Between
{
    public static class Middle
    {
        public static Targets.Target Make() => new();

        public static void Take(Targets.Target? target)
        {
        }

        public static void Generic<T>()
        {
        }
    }

    [AttributeUsage(AttributeTargets.All)]
    public sealed class ReferringAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }
}
