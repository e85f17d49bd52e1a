import { expect, test } from 'vitest';
import { isInApp } from '../../shared/correlation/normalise-frame.ts';
import { normaliseFunction } from '../../shared/correlation/normalise-function.ts';
import { normaliseModule } from '../../shared/correlation/normalise-module.ts';

test.each([
  ['Cart.add', 'add'],
  ['Object.<anonymous>', ''],
  ['<anonymous>', ''],
  ['anonymous', ''],
  ['Anonymous function', ''],
  ['(anonymous)', ''],
  ['?', ''],
  ['eval', ''],
  ['eval code', ''],
  ['<module>', ''],
  ['<lambda>', ''],
  ['test/<', ''],
  ['async Cart.add', 'add'],
  ['new Cart', 'Cart'],
  ['async Promise.all (index 0)', 'all'],
  ['Layer.handle [as handle_request]', 'handle'],
  ['Foo#bar', 'bar'],
  ['Foo::bar', 'bar'],
  ['std::vector<int>::push_back(int)', 'push_back'],
  ['core::panicking::panic::h1a2b3c4d5e6f7890', 'panic'],
  ['main.(*Server).handle.func1', 'handle'],
  ['main.(*Server).handle', 'handle'],
  ['github.com/acme/shop/cart.Add', 'Add'],
  ['<HandleAsync>d__12.MoveNext', 'HandleAsync'],
  ['Shop.Cart+<AddAsync>d__4.MoveNext()', 'AddAsync'],
  ['<>c__DisplayClass4_0.<Get>b__0', 'Get'],
  ['Shop.Cart.Add(System.String id, Int32 n)', 'Add'],
  ['Shop.Cart.Add[T](T item)', 'Add'],
  ['lambda_method123', 'lambda_method'],
  ['lambda$checkout$7', 'checkout'],
  ['block in checkout', 'checkout'],
  ['block (2 levels) in checkout', 'checkout'],
  ['rescue in checkout', 'checkout'],
  ['{closure:Cart::add():12}', ''],
  ['Cart->add', 'add'],
  ['0x7ffde4a1', ''],
  ['handler2', 'handler2'],
  ['$scope.save', 'save'],
  ['', ''],
])('function %s → %s', (name, becomes) => {
  expect(normaliseFunction(name)).toBe(becomes);
});

test.each([
  ['shop.cart', 'shop.cart'],
  ['src/cart/add', 'src/cart/add'],
  ['releases/1.2.3/cart', 'releases/cart'],
  ['v1.2.3/cart', 'cart'],
  ['release-42/cart', 'cart'],
  ['20260114.3/cart', 'cart'],
  ['2fd4e1c/cart', 'cart'],
  ['shop@1.2.3/cart', 'shop/cart'],
  ['@acme/shop/cart', '@acme/shop/cart'],
  ['Shop.Services, Version=1.2.3.0, Culture=neutral, PublicKeyToken=null', 'Shop.Services'],
  ['com.acme.Cart$$EnhancerBySpringCGLIB$$1a2b3c4d', 'com.acme.Cart'],
  ['com.acme.Cart$$Lambda$14/0x0000000800c03000', 'com.acme.Cart$$Lambda'],
  ['com.acme.Cart$1', 'com.acme.Cart$'],
  ['com.sun.proxy.$Proxy42', 'com.sun.proxy.$Proxy'],
  ['jdk.internal.reflect.GeneratedMethodAccessor123', 'jdk.internal.reflect.GeneratedMethodAccessor'],
  ['System.Collections.Generic.List`1', 'System.Collections.Generic.List'],
  ['/home/site/wwwroot/cart.js', 'cart.js'],
  ['https://shop.example/assets/cart.3f2a9c1b.js', 'cart.js'],
  ['', ''],
])('module %s → %s', (module, becomes) => {
  expect(normaliseModule(module)).toBe(becomes);
});

test.each([
  [{ file: '/home/site/wwwroot/src/cart.js' }, true],
  [{ file: '/home/site/wwwroot/node_modules/express/lib/router.js' }, false],
  [{ file: 'node:internal/process/task_queues' }, false],
  [{ file: '/usr/lib/python3.11/json/decoder.py' }, false],
  [{ module: 'System.Text.Json.JsonSerializer' }, false],
  [{ module: 'Shop.Cart' }, true],
  [{ function: 'x' }, false],
  [{ file: '/home/site/wwwroot/src/cart.js', inApp: false }, false],
  [{ file: 'node_modules/our-own/x.js', inApp: true }, true],
])('%j is ours: %s', (frame, ours) => {
  expect(isInApp(frame)).toBe(ours);
});
