import 'counterfoil/elements';
import { computed, createApp, ref } from 'vue';
import { names, quoteWith } from '../shop.js';

const app = createApp({
  setup() {
    const codes = ref([]);
    const quote = computed(() => quoteWith([...codes.value]));
    return { codes, names, quote };
  },
  template: `
    <counterfoil-code-field
      :quote="quote"
      :names="names"
      @counterfoil-enter-code="codes.push($event.detail)"
      @counterfoil-remove-code="codes = codes.filter((code) => code !== $event.detail)"
    ></counterfoil-code-field>
    <counterfoil-savings :quote="quote" :names="names"></counterfoil-savings>`,
});
app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith('counterfoil-');
app.mount('#app');
