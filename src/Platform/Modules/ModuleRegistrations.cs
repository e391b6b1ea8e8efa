using System.Collections;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Platform.Modules;

/// <summary>The host's services, and which module has registered which of them.</summary>
internal sealed class ModuleRegistrations(IServiceCollection services)
{
    private readonly Dictionary<ServiceDescriptor, ModuleDescriptor> _registrars = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ServiceDescriptor, ServiceDescriptor> _originals = new(ReferenceEqualityComparer.Instance);

    /// <summary>Every service of the host, in the order in which they were registered, in the form in which they were.</summary>
    public IEnumerable<ServiceDescriptor> All => services.Select(descriptor => _originals.GetValueOrDefault(descriptor, descriptor));

    /// <summary>The host's services, for a module to register its own with.</summary>
    public IServiceCollection Of(ModuleDescriptor module) => new Recording(services, descriptor => _registrars[descriptor] = module);

    /// <summary>The module that has registered a service; null when it is the platform's, or was found by a scan over all modules.</summary>
    public ModuleDescriptor? RegistrarOf(ServiceDescriptor descriptor) => _registrars.GetValueOrDefault(descriptor);

    /// <summary>Remembers that the platform stands in for a service.</summary>
    public void Replace(ServiceDescriptor original, ServiceDescriptor replacement) => _originals[replacement] = original;

    private sealed class Recording(IServiceCollection inner, Action<ServiceDescriptor> added) : IServiceCollection
    {
        public int Count => inner.Count;

        public bool IsReadOnly => inner.IsReadOnly;

        public ServiceDescriptor this[int index]
        {
            get => inner[index];
            set
            {
                inner[index] = value;
                added(value);
            }
        }

        public void Add(ServiceDescriptor item)
        {
            inner.Add(item);
            added(item);
        }

        public void Insert(int index, ServiceDescriptor item)
        {
            inner.Insert(index, item);
            added(item);
        }

        public void Clear() => inner.Clear();

        public bool Contains(ServiceDescriptor item) => inner.Contains(item);

        public void CopyTo(ServiceDescriptor[] array, int arrayIndex) => inner.CopyTo(array, arrayIndex);

        public IEnumerator<ServiceDescriptor> GetEnumerator() => inner.GetEnumerator();

        public int IndexOf(ServiceDescriptor item) => inner.IndexOf(item);

        public bool Remove(ServiceDescriptor item) => inner.Remove(item);

        public void RemoveAt(int index) => inner.RemoveAt(index);

        IEnumerator IEnumerable.GetEnumerator() => inner.GetEnumerator();
    }
}
