using Marten;
using Marten.Exceptions;
using Marten.Schema;

namespace ModularMonolith.Marten.Tests.Documents;

public class HierarchyTests
{
    internal class Animal
    {
        public Guid Id { get; set; }

        public string Name { get; set; } = "";
    }

    internal class Dog : Animal
    {
        public int Barks { get; set; }
    }

    internal sealed class Puppy : Dog
    {
        public bool Trained { get; set; }
    }

    internal sealed class Cat : Animal
    {
        public bool Lazy { get; set; }
    }

    private static Task<TestStore> CreateAsync() => TestStore.CreateAsync(o => o.Schema.For<Animal>().AddSubClass<Dog>().AddSubClass<Puppy>("puppy_dog").AddSubClass<Cat>());

    [Fact]
    public async Task Documents_of_derived_types_share_a_table_and_come_back_as_what_they_are()
    {
        await using var store = await CreateAsync();
        var (animal, dog, puppy, cat) = (new Animal { Name = "a" }, new Dog { Name = "b", Barks = 3 }, new Puppy { Name = "c", Trained = true }, new Cat { Name = "d", Lazy = true });
        await store.SaveAsync(s =>
        {
            s.Store(animal, dog, puppy);
            s.Insert(cat);
        });
        await using var session = store.Query();

        Assert.Equal(["Animal", "Dog", "Puppy", "Cat"], (await session.Query<Animal>().OrderBy(x => x.Name).ToListAsync()).Select(x => x.GetType().Name));
        Assert.Equal(["b", "c"], await session.Query<Dog>().OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
        Assert.Equal(["c"], await session.Query<Puppy>().Where(x => x.Trained).Select(x => x.Name).ToListAsync());
        Assert.Equal(1, await session.Query<Dog>().CountAsync(x => x.Barks > 2));
        Assert.Equal(["a", "d"], await session.Query<Animal>().Where(x => !(x is Dog)).OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
        Assert.Equal("d", (await session.Query<Animal>().OfType<Cat>().Where(x => x.Lazy).SingleAsync()).Name);
        Assert.Equal("b", (await session.Query<Animal>().WhereSub<Dog>(x => x.Barks == 3).SingleAsync()).Name);
        Assert.IsType<Puppy>(await session.LoadAsync<Animal>(puppy.Id));
        Assert.IsType<Puppy>(await session.LoadAsync<Dog>(puppy.Id));
        Assert.Null(await session.LoadAsync<Cat>(dog.Id));
        Assert.Equal(3, (await session.LoadManyAsync<Animal>(animal.Id, dog.Id, cat.Id)).Count);
        Assert.True(await session.CheckExistsAsync<Animal>(cat.Id));
        Assert.False(await session.CheckExistsAsync<Dog>(cat.Id));
        Assert.Equal("BASE,cat,dog,puppy_dog", await store.ScalarAsync("select string_agg(mt_doc_type, ',' order by mt_doc_type) from {0}.mt_doc_hierarchytests_animal"));
        Assert.Equal("puppy_dog", (await session.MetadataForAsync(puppy))?.DocumentType);
    }

    [Fact]
    public async Task Deletions_and_changes_stay_within_the_type_that_is_named()
    {
        await using var store = await CreateAsync();
        var (dog, puppy, cat) = (new Dog { Name = "b" }, new Puppy { Name = "c" }, new Cat { Name = "d" });
        await store.SaveAsync(s => s.StoreObjects([dog, puppy, cat]));

        await store.SaveAsync(s => s.Delete<Cat>(dog.Id));
        await store.SaveAsync(s => s.DeleteWhere<Dog>(x => x.Name != "b"));
        dog.Barks = 9;
        await store.SaveAsync(s => s.Update(dog));
        await using var session = store.Query();
        Assert.Equal(["b", "d"], await session.Query<Animal>().OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
        Assert.Equal(9, (await store.LoadAsync<Dog>(dog.Id))?.Barks);
        await store.Store.Advanced.Clean.DeleteDocumentsByTypeAsync(typeof(Cat));
        Assert.Equal(["b"], await session.Query<Animal>().Select(x => x.Name).ToListAsync());
    }

    [Fact]
    public async Task One_identity_is_one_instance_whatever_type_it_is_asked_for()
    {
        await using var store = await CreateAsync();
        var puppy = new Puppy { Name = "p" };
        await store.Store.BulkInsertAsync<Animal>([puppy, new Cat { Name = "c" }]);
        await using var session = store.Store.IdentitySession();

        var asAnimal = await session.LoadAsync<Animal>(puppy.Id);

        Assert.Same(asAnimal, await session.LoadAsync<Dog>(puppy.Id));
        Assert.Same(asAnimal, await session.Query<Puppy>().SingleAsync());
        Assert.Equal(2, await session.Query<Animal>().CountAsync());
    }

    [Fact]
    public async Task Only_declared_derived_types_belong_to_a_hierarchy()
    {
        await using var store = await TestStore.CreateAsync(o => o.Schema.For<Animal>().AddSubClassHierarchy(typeof(Dog), new MappedType(typeof(Cat), "kitty")));
        await store.SaveAsync(s => s.StoreObjects([new Dog { Name = "d" }, new Cat { Name = "c" }]));
        await using var session = store.Query();

        Assert.Equal("dog,kitty", await store.ScalarAsync("select string_agg(mt_doc_type, ',' order by mt_doc_type) from {0}.mt_doc_hierarchytests_animal"));
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<Animal>().OfType<Puppy>().ToListAsync());
        await store.ExecuteAsync("update {0}.mt_doc_hierarchytests_animal set mt_doc_type = 'bird' where mt_doc_type = 'dog'");
        var exception = await Assert.ThrowsAsync<InvalidDocumentException>(() => session.Query<Animal>().ToListAsync());
        Assert.Contains("bird", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DocumentStore.For(o =>
        {
            o.Connection("Host=none");
            o.Schema.For<Dog>().AddSubClass(typeof(Cat));
        }));
    }
}
